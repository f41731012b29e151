"""Proof of time: tokens of an authority (RFC 3161) over a seal."""
