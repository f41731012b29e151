"""Manifests: lines of a hash and a name, as ``sha256sum`` writes and reads them (RFC 8493, 2.1.3)."""

from __future__ import annotations

from collections.abc import Mapping

PAYLOAD = "manifest-{}.txt"
TAGS = "tagmanifest-{}.txt"

MANIFEST = PAYLOAD.format("sha256")
TAG_MANIFEST = TAGS.format("sha256")
TIMESTAMP = "timestamp.tsr"
"""The token over :data:`TAG_MANIFEST`; it comes after, so no manifest names it."""


def manifest(sums: Mapping[str, str]) -> bytes:
    """A manifest over files; the same files always make the same bytes."""
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def read_manifest(data: bytes) -> dict[str, str]:
    """File name → hash (hex).

    Raises:
        ValueError: it is no manifest, or names a file twice.
    """
    rows = [row.split("  ", 1) for row in data.decode().splitlines()]
    sums = {name: digest for digest, name in rows}
    if len(sums) != len(rows):
        raise ValueError("a name stands in it twice")
    return sums
