"""A whole batch: from a workbook to tasks, followed to their ends, to results and sealed evidence.

Here: what knows both the workbook and the ledger. Not here: how a filing is made (``attempt``), and who works
on it when (``worker``).
"""
