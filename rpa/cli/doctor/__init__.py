"""What ``rpa doctor`` looks at, and how it mends what is missing."""
