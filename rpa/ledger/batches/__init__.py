"""Workbooks as batches: opened and started, how far they are, their rows for a page."""
