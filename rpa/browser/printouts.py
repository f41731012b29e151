"""What comes of a click that prints: a window, a PDF, a download, a frame, a call for a printer, or nothing.

It is evidence and never in the way: nobody knows beforehand what a portal does, so whatever shows is taken,
and what does not come within a moment of the last sign of life is not waited for. No dialog opens on a
person's screen: calls for a printer are caught in the page (``js/printing.js``), and downloads go to a folder
of the browser's own.
"""

from __future__ import annotations

import asyncio
import base64
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.async_api import BrowserContext, Download, Frame, Page, Request, Response
from playwright.async_api import Error as PlaywrightError

from rpa.browser.camera import Camera, PagePicture
from rpa.browser.page import PortalPage
from rpa.browser.script import script
from rpa.browser.timeouts import within_time

NO_PRINTER = f"({script('printing', main='withoutPrinter')})()"
"""Runs in every document of a context before its own scripts."""

_HERE = script("printed", main="printedHere")
_FILE = script("printed", main="fileAt")
_FILL = script("printed", main="fillWindow")
_RESTORE = script("printed", main="asBefore")

_QUIET = 3.0
"""Seconds after the last sign of life at which nothing more is waited for."""
_SETTLED = 0.3
"""The same once something was printed: there may be more than one of it."""
_LOOK_AGAIN = 0.1
_HEAD = 1024
"""Bytes in which a PDF says that it is one (ISO 32000-1, Annex H, 3.4.1)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What came of a click that prints."""

    pdfs: tuple[bytes, ...] = field(default=(), repr=False)
    pictures: tuple[PagePicture, ...] = ()
    """Where there was no file to be had."""
    missing: str = ""
    """Why there is neither, in Chinese."""


class PrintWatch:
    """Listens to a page, and to the windows that open, while something prints.

    Args:
        context: of the page.
        page: where it is clicked.
    """

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.windows: list[Page] = []
        self._context = context
        self._page = page
        self._downloads: list[Download] = []
        self._answers: list[Response] = []
        """Those that may hold a PDF."""
        self._under_way: set[Request] = set()
        self._loading: dict[asyncio.Task[None], Page] = {}
        self._before: Mapping[Frame, Mapping[str, Any]] = {}
        self._now: Mapping[Frame, Mapping[str, Any]] = {}
        self._news = asyncio.Event()

    async def watch(self, act: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Act, and wait until what comes of it has come: at the longest so many seconds."""
        self._before = await _look(self._page.frames)
        with self._listening():
            await act()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._settled()

    async def _settled(self) -> None:
        clock = asyncio.get_running_loop()
        last = clock.time()
        while True:
            seen = await _look([frame for page in (self._page, *self._open) for frame in page.frames])
            if seen != self._now or self._news.is_set():
                last = clock.time()
            self._now = seen
            self._news.clear()
            busy = self._to_come or not all(map(_given_up, self._under_way))
            if not busy and (self._shown or clock.time() - last >= (_SETTLED if self._some else _QUIET)):
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _LOOK_AGAIN)

    @property
    def _open(self) -> list[Page]:
        return [window for window in self.windows if not window.is_closed()]

    @property
    def _shown(self) -> bool:
        """Whether a window stands there with a page in it."""
        return any(not _blank(window) for window in self._open)

    @property
    def _to_come(self) -> bool:
        """Whether a window still loads; one that was given to a download never does."""
        return any(not (self._downloads and _blank(window)) for window in self._loading.values())

    @property
    def _some(self) -> bool:
        return bool(self._downloads or self._answers or self._callers or list(self._files()))

    @property
    def _callers(self) -> list[Frame]:
        """The frames that called for a printer."""
        return [frame for frame, seen in self._now.items() if seen["calls"] > self._known(frame)["calls"]]

    def _files(self) -> Iterator[tuple[Frame, str]]:
        """The addresses of files that were made or shown, and where."""
        for frame, seen in self._now.items():
            for address in dict.fromkeys(seen["files"]):
                if address not in self._known(frame)["files"]:
                    yield frame, address

    def _known(self, frame: Frame) -> Mapping[str, Any]:
        return self._before.get(frame, {"calls": 0, "files": []})

    # --- what was printed

    async def pdfs(self) -> tuple[bytes, ...]:
        """Every PDF, each once."""
        found = [await _downloaded(one) for one in self._downloads]
        known = {one.url for one in self._downloads}
        addresses = list(self._files())
        for answer in self._answers:
            if answer.request.resource_type not in ("document", "other"):
                found.append(await _body(answer))
            elif answer.request.method == "GET":  # a viewer shows it: its answer's body is the viewer's page
                addresses.append((self._page.main_frame, answer.url))
        for frame, address in addresses:
            if address not in known:
                known.add(address)
                found.append(await _file(frame, address))
        return tuple(dict.fromkeys(data for data in found if b"%PDF-" in data[:_HEAD]))

    async def pictures(
        self, front: PortalPage, attach: Callable[[Page], Awaitable[PortalPage]]
    ) -> tuple[PagePicture, ...]:
        """What the windows show that are there, else what was meant for a printer."""
        taken = [
            await (await attach(window)).camera.take()
            for window in self._open
            if not _blank(window) or await window.inner_text("body")
        ]
        if not taken:
            taken = [await _printed_frame(frame, front.camera) for frame in self._callers]
        return tuple(picture for picture in taken if picture)

    @property
    def why_nothing(self) -> str:
        """What there was instead, in Chinese."""
        if self._downloads:
            return "平台给出的文件不是 PDF，或没有下载成功"
        if len(self._open) < len(self.windows):
            return "打印窗口自己关闭了"
        return "点击打印后没有出现打印件"

    # --- listening

    @contextmanager
    def _listening(self) -> Iterator[Self]:
        heard: dict[Any, Callable[[Any], None]] = {  # a window is told of only when its first answer has come
            "page": self._on_window,
            "request": self._on_request,
            "requestfinished": self._on_ended,
            "requestfailed": self._on_ended,
            "response": self._on_response,
        }
        self._page.on("download", self._on_download)
        for name, hear in heard.items():
            self._context.on(name, hear)
        try:
            yield self
        finally:
            self._page.remove_listener("download", self._on_download)
            for name, hear in heard.items():
                self._context.remove_listener(name, hear)
            for task in self._loading:
                task.cancel()

    def _on_request(self, request: Request) -> None:
        lasting = request.resource_type in ("eventsource", "websocket", "ping")
        if request.url.startswith("http") and not lasting:
            self._under_way.add(request)
            self._news.set()

    def _on_ended(self, request: Request) -> None:
        self._under_way.discard(request)
        self._news.set()

    def _on_response(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")
        if "pdf" in kind or "octet-stream" in kind:
            self._answers.append(response)
            self._news.set()

    def _on_download(self, download: Download) -> None:
        self._downloads.append(download)
        self._news.set()

    def _on_window(self, window: Page) -> None:
        self.windows.append(window)
        window.on("download", self._on_download)
        task = asyncio.create_task(_loaded(window), name="printed window")
        self._loading[task] = window
        task.add_done_callback(self._on_loaded)

    def _on_loaded(self, task: asyncio.Task[None]) -> None:
        self._loading.pop(task, None)
        self._news.set()


def _given_up(request: Request) -> bool:
    """Whether a request went with its window: nobody tells of its end then."""
    try:
        return request.frame.page.is_closed()
    except PlaywrightError:  # the first one of a window that is not there yet
        return False


def _blank(window: Page) -> bool:
    """Whether a window has no address of its own."""
    return not window.url or window.url.startswith("about:")


async def _loaded(window: Page) -> None:
    with suppress(PlaywrightError):  # closed, or given to a viewer or a download
        await window.wait_for_load_state("load")


async def _look(frames: Sequence[Frame]) -> dict[Frame, Mapping[str, Any]]:
    """What each document has printed; without those that give way to another one, or cannot be asked."""
    seen: dict[Frame, Mapping[str, Any]] = {}
    for frame in frames:
        with suppress(PlaywrightError):
            async with within_time():
                seen[frame] = await frame.evaluate(_HERE)
    return seen


async def _downloaded(download: Download) -> bytes:
    with tempfile.TemporaryDirectory(prefix="rpa-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "printed"
        with suppress(PlaywrightError):  # broken off
            async with within_time():
                await download.save_as(path)
            return await asyncio.to_thread(path.read_bytes)
    return b""


async def _body(answer: Response) -> bytes:
    with suppress(PlaywrightError):  # the page took it as a file: the file is known by its address
        async with within_time():
            return await answer.body()
    return b""


async def _file(frame: Frame, address: str) -> bytes:
    with suppress(PlaywrightError):
        async with within_time():
            return base64.b64decode(await frame.evaluate(_FILE, address))
    return b""


async def _printed_frame(frame: Frame, camera: Camera) -> PagePicture | None:
    """What a document would have given to a printer: the page in its print style, a frame over the page."""
    if frame.parent_frame is None:
        await frame.page.emulate_media(media="print")
        try:
            return await camera.take()
        finally:
            await frame.page.emulate_media(media="null")
    holder = await frame.frame_element()
    await holder.evaluate(_FILL)
    try:
        return await camera.take() if await holder.bounding_box() else None
    finally:
        await holder.evaluate(_RESTORE)
