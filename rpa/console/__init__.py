"""The operator's page: requests to answer, batches to watch, served on loopback to one browser."""
