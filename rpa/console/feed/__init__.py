"""What the server sends to open pages: that the ledger changed, and what waits for a person."""
