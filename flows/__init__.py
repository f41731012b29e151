"""Business processes, one folder per province."""
