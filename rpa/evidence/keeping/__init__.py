"""What becomes of evidence over the years: encrypted, and deleted when its time is over."""
