"""Asks the person at the terminal, one question at a time, the soonest deadline first."""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from rpa.errors import UserError
from rpa.ledger.data.requests import WaitingRequest
from rpa.operator.desk import Reply
from rpa.operator.request import Kind
from rpa.operator.viewer import open_picture

_HINTS = {
    Kind.APPROVAL: "同意请输入 y，不同意请输入 n 加理由：",
    Kind.CLEARING: "确认从未提交请输入 y，否则输入 n：",
    Kind.PASSWORD: "密码不在本窗口输入：请在另一个终端运行 rpa answer 待办编号，输入时不显示。",
    Kind.SCAN: "扫码并在手机上确认后输入 y；直接按回车换一张二维码；办不了输入 n 加理由：",
    Kind.TAKEOVER: "在浏览器窗口中办完后输入 y，办不了输入 n 加理由：",
}


class Terminal:
    """A channel over standard input and standard error.

    Args:
        who: the person, as the audit trail names them.
        lines: where answers are typed; standard input by default.
        out: where questions are shown; standard error by default, so that ``--json`` stays clean.
        show: opens a picture on the screen.
    """

    def __init__(
        self,
        *,
        who: str,
        lines: TextIO | None = None,
        out: TextIO | None = None,
        show: Callable[[Path], object] = open_picture,
    ) -> None:
        self._who = who
        self._keyboard = _Keyboard(lines)
        self._out = out or sys.stderr
        self._show = show
        self._line: list[tuple[datetime, int]] = []
        self._moved = asyncio.Condition()
        self._asking = False
        self._interrupted = False

    async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
        """Wait for this request's turn, show it, and read lines until one is an answer."""
        async with self._turn(request):
            self._keyboard.start()
            if self._interrupted and self._keyboard.person:
                await self._end_old_line()
            self._present(request, picture)
            if request.kind == Kind.PASSWORD:  # what is typed here shows on the screen
                await asyncio.Event().wait()
            try:
                while not self._hand_in(request, await self._keyboard.line(), reply):
                    pass
            except asyncio.CancelledError:
                self._interrupted = True
                self._say(f"\n待办 {request.id} 已结束（已在别处答复、更换图片或超时）。")
                raise
            except EOFError:
                self._say("\n本终端没有输入，请在另一个终端用 rpa requests 和 rpa answer 作答。")
                await asyncio.Event().wait()

    @asynccontextmanager
    async def _turn(self, request: WaitingRequest) -> AsyncIterator[None]:
        mine = (request.deadline, int(request.id))
        self._line.append(mine)
        try:
            async with self._moved:
                await self._moved.wait_for(lambda: not self._asking and min(self._line) == mine)
                self._asking = True
            try:
                yield
            finally:
                self._asking = False
        finally:
            self._line.remove(mine)
            async with self._moved:
                self._moved.notify_all()

    async def _end_old_line(self) -> None:
        """What is half typed belongs to a question that is gone; it must not answer this one."""
        self._say("上一条待办已结束：请先按一次回车，再回答下一条。")
        with suppress(EOFError):
            await self._keyboard.line()
        self._interrupted = False

    def _present(self, request: WaitingRequest, picture: Path | None) -> None:
        self._keyboard.forget()
        left = round((request.deadline - datetime.now(UTC)).total_seconds())
        about = [f"待办 {request.id}", request.portal, request.employer, f"还有 {left} 秒"]
        self._say(f"\n【{Kind(request.kind).chinese}】" + " · ".join(part for part in about if part))
        if len(self._line) > 1:
            self._say(f"（另有 {len(self._line) - 1} 项在等候）")
        self._say(request.question)
        for label, expected, shown in request.detail.get("rows", ()):
            self._say(f"  {label}：{shown}" + ("" if shown == expected else f"　〔表格：{expected}〕"))
        if picture:
            self._say(f"图片：{picture}")
            self._show(picture)
        self._say(_hint(request))

    def _hand_in(self, request: WaitingRequest, line: str, reply: Reply) -> bool:
        """Use one line; returns whether the question is over."""
        try:
            if line.strip() or not request.refreshable:
                reply.answer(line, who=self._who)
            else:
                reply.refresh(who=self._who)
                self._say("正在更换图片…")
        except UserError as error:
            self._say(f"{error}\n{_hint(request)}")
            return False
        return True

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()


def _hint(request: WaitingRequest) -> str:
    usual = "输入后按回车" + ("；直接按回车换一张图片：" if request.refreshable else "：")
    return _HINTS.get(Kind(request.kind), usual)


class _Keyboard:
    """Lines from a blocking stream, read in a thread that never keeps the program alive."""

    def __init__(self, lines: TextIO | None) -> None:
        self._stream = lines
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._started = False
        self.person = False
        """Whether somebody types, rather than a script or a file."""

    def start(self) -> None:
        """Start reading, once, in the running loop."""
        if self._started:
            return
        self._started = True
        stream = self._stream or _own_stdin()
        self.person = stream.isatty()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(stream, loop), name="rpa-keyboard", daemon=True).start()

    def forget(self) -> None:
        """Drop what a person typed before a question was shown; a script's lines are kept."""
        while self.person and not self._typed.empty():
            if self._typed.get_nowait() is None:
                self._typed.put_nowait(None)
                return

    async def line(self) -> str:
        """The next line, without its end.

        Raises:
            EOFError: there will never be another.
        """
        line = await self._typed.get()
        if line is None:
            self._typed.put_nowait(None)
            raise EOFError
        return line

    def _read(self, stream: TextIO, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody asks any more
            with suppress(OSError, ValueError):  # the terminal is gone
                for line in stream:
                    loop.call_soon_threadsafe(self._typed.put_nowait, line.rstrip("\r\n"))
            loop.call_soon_threadsafe(self._typed.put_nowait, None)


def _own_stdin() -> TextIO:
    """Standard input under a lock of its own: a thread still reading it must not disturb the exit."""
    try:
        number = sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):  # none, as under a service or pythonw
        return io.StringIO()
    encoding = sys.stdin.encoding
    return open(number, encoding=encoding, errors="replace", closefd=False)
