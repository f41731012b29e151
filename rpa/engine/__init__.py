"""Attempts, batches and the catalog of flows."""
