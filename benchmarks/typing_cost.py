"""What it costs to type a form: by our ``fill``, and by the two ways that Playwright has."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

from playwright.async_api import Browser, Page, Route, async_playwright

from benchmarks.figures import Figure, Result, seconds
from benchmarks.filing import WARM_UP
from benchmarks.sides import plain_browser
from rpa.browser.labels import Labels
from rpa.browser.labels.page_scripts import PageScripts
from rpa.settings.settings import BrowserSettings

_ORIGIN = "http://form.test"
_SECONDS = 30.0

VALUES = {
    "单位名称": "河南试验机械有限公司",
    "统一信用代码": "91410100MA00019860",
    "单位地址": "郑州市金水区花园路1号",
    "邮政编码": "450000",
    "法定代表人": "李四",
    "联系人": "张三",
    "联系电话": "13800000000",
    "电子邮箱": "zhangsan@example.com",
    "户名": "河南试验机械有限公司",
    "开户银行": "中原银行郑州支行",
    "银行账号": "6222021234567890123",
    "备注": "无",
}
"""Label → text, of the kinds that the portals' forms ask for."""

_FIELDS = "".join(f"<p><label>{label} <input></label></p>" for label in VALUES)
_LISTENS = "<script>window.heard = 0; document.addEventListener('keyup', () => { heard += 1; });</script>"

_HOW = f"""\
A form of {len(VALUES)} text fields, found by their labels, on a page served from memory and loaded anew for
each sample; loading it is not timed. The sides take turns, each in a context of its own in one browser. Ours
is `Labels.fill`: it asks the browser whether anything listens to keys, types by trusted events, and reads
back what the page holds. Where nothing listens, text is inserted; else each field gets a key at least.
Playwright's are `get_by_label(…).fill(…)` and `.press_sequentially(…)`, field by field, nothing read back, on
the page that listens. That the page holds every value is checked on all sides after the clock has stopped."""

Fill = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Side:
    page: Page
    fill: Fill
    listens: bool

    async def sample(self) -> float:
        """Seconds of filling the form once.

        Raises:
            RuntimeError: the page does not hold what was typed.
        """
        await self.page.goto(f"{_ORIGIN}/{'listens' if self.listens else 'quiet'}")
        began = time.perf_counter()
        await self.fill()
        took = time.perf_counter() - began
        held = await self.page.evaluate("Array.from(document.querySelectorAll('input'), (one) => one.value)")
        if held != list(VALUES.values()):
            raise RuntimeError(f"the page holds something else: {held}")
        return took


async def measure(*, quick: bool = False) -> Result:
    """Milliseconds of filling the form, each way."""
    count = 5 if quick else 30
    async with (
        async_playwright() as playwright,
        plain_browser(playwright) as browser,
        _sides(browser) as sides,
    ):
        samples: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(WARM_UP + count):
            for name, side in sides.items():
                samples[name].append(await side.sample())
    kept = {name: times[WARM_UP:] for name, times in samples.items()}
    figures = [
        Figure(
            f"Typing {len(VALUES)} text fields: {name}",
            1000 * median(times),
            "ms",
            detail=f"{seconds(times)}; {count} a side",
        )
        for name, times in kept.items()
    ]
    return Result("typing", figures, _HOW, {"seconds": kept})


@asynccontextmanager
async def _sides(browser: Browser) -> AsyncIterator[dict[str, _Side]]:
    """Each way of filling, with a page of its own."""
    quiet, listening, filled, pressed = [await _page(browser) for _ in range(4)]
    yield {
        "ours, nothing listens to keys": _Side(quiet, await _ours(quiet), listens=False),
        "ours, the page listens to keys": _Side(listening, await _ours(listening), listens=True),
        "Playwright's `fill()`": _Side(filled, lambda: _fill(filled), listens=True),
        "Playwright's `press_sequentially()`": _Side(pressed, lambda: _press(pressed), listens=True),
    }
    for page in (quiet, listening, filled, pressed):
        await page.context.close()


async def _page(browser: Browser) -> Page:
    """A page in a context of its own, to which both forms are served."""
    size = BrowserSettings()
    context = await browser.new_context(viewport={"width": size.width, "height": size.height}, locale="zh-CN")
    await context.route(f"{_ORIGIN}/*", _serve)
    return await context.new_page()


async def _serve(route: Route) -> None:
    script = _LISTENS if route.request.url.endswith("/listens") else ""
    body = f"<!doctype html><meta charset=utf-8><body>{_FIELDS}{script}"
    await route.fulfill(body=body, content_type="text/html")


async def _ours(page: Page) -> Fill:
    cdp = await page.context.new_cdp_session(page)
    labels = Labels(page, PageScripts(page, cdp), origins=frozenset({_ORIGIN}))
    return lambda: labels.fill(VALUES, timeout=_SECONDS)


async def _fill(page: Page) -> None:
    for label, text in VALUES.items():
        await page.get_by_label(label, exact=True).fill(text)


async def _press(page: Page) -> None:
    for label, text in VALUES.items():
        await page.get_by_label(label, exact=True).press_sequentially(text)
