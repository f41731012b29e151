"""One filing in one browser session: steps, the commit, the questions to people, the look-ups after it.

Here: what flows work with. Not here: which filing comes when (``worker``); no word of any province.
"""
