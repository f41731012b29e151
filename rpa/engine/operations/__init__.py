"""What a person asks and does from outside, by command or in the console: pause, cancel, how things stand.

Here: looks at the ledger and short changes in it. Not here: anything that waits, works or opens a browser.
"""
