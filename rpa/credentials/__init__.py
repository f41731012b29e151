"""Stored logins: the workbook holds a login's name, the machine its account and password."""
