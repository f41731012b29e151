"""The database itself: connection and transactions, tables, their version and migrations."""
