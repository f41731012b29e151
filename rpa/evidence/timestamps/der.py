"""One repair of DER: the certificates of a signature in the order that DER wants.

Authorities that use OpenSSL write a token's certificates as they come, and a strict reader wants them sorted.
No signature covers their order.
"""

from __future__ import annotations

_LONG = 0x80
_CERTIFICATES = 0xA0


def certificates_in_order(answer: bytes) -> bytes:
    """An RFC 3161 answer with its certificates sorted; anything else comes back as it is."""
    try:
        start, end = _certificates(answer)
        held = sorted(answer[here:after] for _, here, _, after in _members(answer, start, end))
    except (IndexError, ValueError):
        return answer
    return answer[:start] + b"".join(held) + answer[end:]


def _certificates(answer: bytes) -> tuple[int, int]:
    """Where the certificates of the answer's token begin and end.

    Raises:
        IndexError, ValueError: it has none.
    """
    # TimeStampResp: status, token; the token: kind, signed data; of that [0] after the content.
    start, end = 0, len(answer)
    for number in (0, 1, 1, 0):
        _, _, start, end = _members(answer, start, end)[number]
    tag, _, start, end = _members(answer, start, end)[3]
    if tag != _CERTIFICATES:
        raise ValueError("no certificates")
    return start, end


def _members(data: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """What stands side by side: tag, where each begins, where its content begins, where it ends."""
    found = []
    while start < end:
        content, size = start + 2, data[start + 1]
        if size & _LONG:
            digits = size & ~_LONG
            content, size = content + digits, int.from_bytes(data[content : content + digits], "big")
        if not size or content + size > end:
            raise ValueError("damaged")
        found.append((data[start], start, content, content + size))
        start = content + size
    return found
