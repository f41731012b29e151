"""Has the time of a sealed bag proved, and keeps the token in the bag."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.x509 import Certificate

from rpa.errors import UserError
from rpa.evidence.bag.manifests import TAG_MANIFEST, TIMESTAMP
from rpa.evidence.timestamps.timestamp import TimeProof, check_timestamp, request_timestamp
from rpa.files import write_private


def stamp(bag: Path, url: str, roots: Sequence[Certificate]) -> tuple[TimeProof, bool]:
    """What is proved now, and whether the authority was asked for it.

    A timestamp that proves nothing yet may do so once its authority is trusted: only one that does prove
    something takes its place.

    Args:
        bag: a sealed bag; it stays as it is but for the token.
        url: the authority; empty where none is set.
        roots: who is trusted.

    Raises:
        UserError: no authority is set, it cannot be reached, or it refuses.
    """
    data = (bag / TAG_MANIFEST).read_bytes()
    kept = bag / TIMESTAMP
    if kept.is_file() and (proof := check_timestamp(kept.read_bytes(), data, roots)).proven:
        return proof, False
    if not url:
        raise UserError("没有设置时间戳机构：请在 settings.toml 的 [evidence] 中填写 timestamp_url")
    token = request_timestamp(data, url)
    proof = check_timestamp(token, data, roots)
    if proof.proven or not kept.is_file():
        write_private(kept, token)
    return proof, True
