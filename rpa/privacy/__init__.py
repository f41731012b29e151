"""What must never be readable: masks and redaction, sealing, and the log that redacts whatever it is told."""
