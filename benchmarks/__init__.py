"""What the project costs, measured: see ``make bench``."""
