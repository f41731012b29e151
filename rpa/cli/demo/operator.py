"""Who answers in the demo: a program that asks the mock portal, and says so on the screen.

Real captchas are answered by people alone. So this operator works only with a portal that says itself
that it is the mock one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from rpa.errors import UserError
from rpa.ledger.data.requests import WaitingRequest
from rpa.operator.desk import Reply
from rpa.operator.request import Kind

MOCK = "wengang-mock-portal"
WHO = "演示操作员（程序）"
_SECONDS = 10.0
_LOCAL = build_opener(ProxyHandler({}))
"""The mock portal is on this machine: a proxy has no business in between."""


class DemoOperator:
    """A channel that answers captchas and approvals at the mock portal.

    Args:
        url: the portal's address.
        token: of its control API.
        announce: called with a Chinese sentence for each answer.

    Raises:
        UserError: the portal does not say that it is the mock one.
    """

    def __init__(self, url: str, token: str, *, announce: Callable[[str], None]) -> None:
        self._url = url
        self._token = token
        self._announce = announce
        try:
            mock = self._get("hello").get("mock")
        except (URLError, ValueError) as error:
            raise UserError(f"{url} 没有表明自己是模拟平台，演示操作员不作答") from error
        if mock != MOCK:
            raise UserError(f"{url} 没有表明自己是模拟平台，演示操作员不作答")

    async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
        """Answer what the mock portal can tell; leave the rest, clearing an intent above all, to others."""
        if request.kind == Kind.APPROVAL:
            text, what = "y", "核对后同意提交"
        elif request.kind == Kind.CAPTCHA and picture is not None:
            text, what = await asyncio.to_thread(self._captcha, picture), "从模拟平台取得验证码并填写"
        else:
            return
        reply.answer(text, who=WHO)
        self._announce(f"〔演示操作员（程序代替人）〕{request.employer}：{what}")

    def _captcha(self, picture: Path) -> str:
        """The text of a captcha, asked of the portal that drew it."""
        query = urlencode({"sha256": hashlib.sha256(picture.read_bytes()).hexdigest()})
        return str(self._get(f"captcha?{query}")["text"])

    def _get(self, call: str) -> Any:
        request = Request(f"{self._url}/__mock__/{call}", headers={"X-Mock-Token": self._token})  # noqa: S310
        with _LOCAL.open(request, timeout=_SECONDS) as answer:
            return json.load(answer)
