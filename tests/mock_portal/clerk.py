"""Visitors of the mock without a browser: the standard library's HTTP and a cookie jar."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from mock_portal.control import TOKEN_HEADER
from mock_portal.server import MockPortal

FORM = {
    "year": "2024",
    "contact": "张三",
    "phone": "13812345678",
    "payment": "单位",
    "account_name": "河南示例商贸有限公司",
    "bank": "中国工商银行长垣支行",
    "account": "1702020109000012345",
}
"""What a complete form sends."""


@dataclass
class Answer:
    status: int
    body: bytes
    url: str
    headers: Any

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """Of any portal."""

    def __init__(self, portal: MockPortal) -> None:
        self.portal = portal
        self.jar = CookieJar()
        self._http = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar))

    def get(self, path: str, **query: str) -> Answer:
        return self._send(Request(self._address(path) + ("?" + urlencode(query) if query else "")))

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.portal.url + path

    def send_json(self, path: str, **fields: str) -> Answer:
        """As a page's script sends it."""
        headers = {"Content-Type": "application/json"}
        return self._send(Request(self._address(path), json.dumps(fields).encode(), headers))

    def control(self, path: str, body: Any = None, *, method: str = "", token: str | None = None) -> Answer:
        """Call the control API; with a body it is a POST."""
        headers = {TOKEN_HEADER: self.portal.token if token is None else token}
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.portal.url}/__mock__{path}"
        return self._send(Request(url, data, headers, method=method or ("POST" if data else "GET")))

    def _send(self, request: Request) -> Answer:
        try:
            with self._http.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.read(), answer.url, answer.headers)
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read(), error.url or "", error.headers)


class Clerk(Visitor):
    """Of the portal of Henan."""

    def post(self, path: str, *, script: bool = False, **fields: str) -> Answer:
        """Send a form; ``script`` as the page's script does."""
        headers = {"X-Requested-With": "XMLHttpRequest"} if script else {}
        return self._send(Request(self.portal.url + path, urlencode(fields).encode(), headers))

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + content + b"\r\n--b--\r\n"
        return self._send(
            Request(self.portal.url + path, body, {"Content-Type": "multipart/form-data; boundary=b"})
        )

    def try_sign_in(self, code: str, captcha: str = "") -> Answer:
        """Look at the login page and its picture, then log in; the right captcha by default."""
        self.get("/unit/login/free")
        self.get("/captcha.png")
        answer = captcha or self.portal.world.captchas()[-1].text
        return self.post("/unit/login/free", account=code, captcha=answer)

    def sign_in(self, code: str) -> None:
        assert self.try_sign_in(code).url.endswith("/unit/home")

    def save(self, **changes: str) -> Any:
        """保存; what its script is told."""
        return self.post("/unit/refund/save", script=True, **(FORM | changes)).json

    def acknowledge(self) -> None:
        assert self.post("/unit/refund/acknowledge", script=True).json["ok"]

    def saved(self) -> str:
        """Acknowledge and save; the draft."""
        self.acknowledge()
        return str(self.save()["draft"])

    def submit(self, draft: str) -> Answer:
        return self.post("/unit/pending/submit", draft=draft)

    def progress(self, month: str = "202408") -> str:
        return self.get("/unit/progress", kind="单位业务", month=month).text
