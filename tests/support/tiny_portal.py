"""The portal of the province in docs/add-a-province.md: two pages, one list, a journal of its commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

_LOGIN = (
    "<h1>单位登录</h1><form action=/home><label>账号 <input name=code></label><button>登录</button></form>"
)
_HOME = """
<p>单位名称：{name}</p>
<form method=post action='/submit?code={code}'><label>单位联系人 <input name=contact></label>
<label>银行账号 <input name=account></label><button>提交申报</button></form>
<h2>已申报的办件</h2>
<table><tr><th>流水号</th><th>申请年度</th><th>状态</th></tr>{rows}</table>
"""
_DONE = "<h1>提交成功</h1>"


@dataclass
class TinyPortal:
    """Employers by credit code, and every commit in order."""

    employers: Mapping[str, str]
    year: int
    commits: list[tuple[str, str, str]] = field(default_factory=list)
    """Credit code, contact, account."""
    url: str = ""

    @contextmanager
    def serving(self) -> Iterator[TinyPortal]:
        """Serve it on loopback while the block lasts."""
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                portal.answer(self, portal.page(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                sent = parse_qs(body)
                portal.commits.append((portal.code(self.path), sent["contact"][0], sent["account"][0]))
                portal.answer(self, _DONE)

            def log_message(self, *_: object) -> None: ...

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            thread = Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def page(self, path: str) -> str:
        code = self.code(path)
        if not code:
            return _LOGIN
        rows = "".join(
            f"<tr><td>T{number:04}</td><td>{self.year}</td><td>已受理</td></tr>"
            for number, commit in enumerate(self.commits)
            if commit[0] == code
        )
        return _HOME.format(name=self.employers[code], code=code, rows=rows)

    def code(self, path: str) -> str:
        return parse_qs(urlsplit(path).query).get("code", [""])[0]

    def answer(self, handler: BaseHTTPRequestHandler, html: str) -> None:
        body = f"<!doctype html><meta charset=utf-8><body>{html}".encode()
        handler.send_response(200)
        handler.send_header("content-type", "text/html; charset=utf-8")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
