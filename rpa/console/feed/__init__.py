"""What open pages are told while they are open: that the ledger changed, and what waits for a person."""
