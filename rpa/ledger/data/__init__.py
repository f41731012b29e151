"""What the ledger is told and what it answers: plain frozen data, without SQLAlchemy."""
