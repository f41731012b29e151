"""All that knows DBOS: the durable queue that starts what the ledger says is to do.

Here: tickets in and out. Not here: any decision; whether a ticket is still good is asked of the ledger.
"""
