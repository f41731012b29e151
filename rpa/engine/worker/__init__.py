"""A worker: takes what is due, works on so much at once, keeps its queue honest, and stops well.

Here: processes, portals' queues, limits, heartbeats. Not here: what is done at a portal (``attempt``), and
anything that reads or writes a workbook (``batch``).
"""
