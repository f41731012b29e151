"""Business processes, one package per province; the engine finds them by name.

A package offers ``PROVINCE`` (see ``rpa.engine.attempt.catalog``). Provinces do not know each other, and no
flow imports Playwright.
"""
