"""Asking somebody at a desk: the desk, requests, another picture."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rpa.browser.shown_image import ShownImage
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Desk
from rpa.operator.request import Kind
from rpa.settings.settings import OperatorSettings


def desk(ledger: Ledger, *channels: Any) -> Desk:
    return Desk(ledger.requests, channels, settings=OperatorSettings(), poll=0.02)


def request(seconds: float = 120, kind: Kind = Kind.CAPTCHA, **changes: Any) -> NewRequest:
    values: dict[str, Any] = {"employer": "试验企业有限公司", "portal": "henan", "picture": b"one"}
    if kind is Kind.APPROVAL:
        values["picture"] = None
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return NewRequest(kind, "请看图作答", deadline, **(values | changes))


def picture_after(data: bytes, **more: Any) -> Callable[[], Awaitable[ShownImage]]:
    async def refresh() -> ShownImage:
        return ShownImage(data, more.pop("type", "image/png"), datetime.now(UTC), **more)

    return refresh


def content(picture: Path | None) -> bytes:
    return picture.read_bytes() if picture else b""
