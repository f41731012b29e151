"""Make the pictures of the operator's manual: ``python -m tools.manual_pictures [FOLDER]``.

The real console, worked as an operator works it, over the first mock portal with fictional employers:
what the manual shows is what the program does. The tests run it too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from mock_portal.records import Employer, EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.browser.launch import find_browser, must_lack_sandbox
from rpa.settings.settings import BrowserSettings
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample

TOP = Path(__file__).resolve().parents[1]
FOLDER = TOP / "docs" / "pictures"
YEAR = 2026
SIZE = {"width": 1280, "height": 800}
_PATIENCE = 60_000.0
"""Milliseconds: a filing takes some seconds."""

_LOADED = "[...document.images].every((one) => one.loading === 'lazy' || (one.complete && one.naturalWidth))"

_SHOWN = """() => [...document.querySelectorAll("#views img")].every((image) => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, 300, 150);
  return new Set(new Uint32Array(pen.getImageData(0, 0, 300, 150).data.buffer)).size > 20;
})"""
"""Whether every live picture shows a page, and not the blank one before it."""

Rows = Sequence[dict[str, Any]]


class Album:
    """Takes the pictures, by their place in the manual.

    Args:
        folder: where they go.
        page: the operator's.
    """

    def __init__(self, folder: Path, page: Page) -> None:
        self._folder = folder
        self._page = page
        self.taken: list[Path] = []

    def take(self, name: str, *, whole: bool = False) -> None:
        """One picture of what the page shows; ``whole``: with what is below its edge."""
        path = self._folder / f"{name}.png"
        self._page.screenshot(path=path, full_page=whole, animations="disabled")
        self.taken.append(path)


def main(words: Sequence[str]) -> None:
    """Make all of them."""
    for path in make(Path(words[0]) if words else FOLDER):
        print(path)  # noqa: T201


def make(folder: Path) -> list[Path]:
    """Work a batch through the console, from the workbook to the results; returns the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [dict(row) for row in sample_rows(6, YEAR)]
    with (
        tempfile.TemporaryDirectory() as temporary,
        MockPortal(world=_world(rows)) as portal,
        _console(Path(temporary), portal) as link,
        _operator() as context,
    ):
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        page.goto(link)
        album = Album(folder, page)
        batch = _start(album, page, _workbooks(Path(temporary), rows))
        _answer(album, page, portal.world, len(rows))
        _look_back(album, page, batch)
        commits = len(portal.world.journal("submit"))
        if commits != len(rows) - 1:  # one of them was refused
            raise SystemExit(f"{commits} commits for {len(rows)} employers")
        return album.taken


def _world(rows: Rows) -> World:
    """A portal that knows the employers; one of them has paid for less than a year."""
    states = {5: EmployerState.UNDER_12_MONTHS}
    known = [
        Employer(
            str(row["name"]),
            str(row["code"]),
            str(row["unit_number"]),
            state=states.get(number, EmployerState.NORMAL),
        )
        for number, row in enumerate(rows)
    ]
    return World(known, countdown_seconds=0)


def _workbooks(folder: Path, rows: Rows) -> tuple[Path, Path]:
    """One with mistakes, and the same one mended."""
    wrong = [dict(row) for row in rows]
    wrong[1]["phone"] = "138"
    wrong[3]["code"] = str(wrong[3]["code"])[:-1]
    before, after = folder / "改前" / "六月批次.xlsx", folder / "六月批次.xlsx"
    before.parent.mkdir()
    write_sample(before, wrong)
    write_sample(after, rows)
    return before, after


@contextmanager
def _console(folder: Path, portal: MockPortal) -> Iterator[str]:
    """``rpa console`` as a person starts it; yields its link."""
    home = folder / "home"
    home.mkdir()
    home.joinpath("settings.toml").write_text(
        f'operator_name = "王芳"\n[portals.{portal.portal}]\nstarts_per_minute = 1000\n', encoding="utf-8"
    )
    command = [sys.executable, "-m", "rpa", "console", "--no-open", "--port", "0", "--json"]
    command += ["--base-url", f"{portal.portal}={portal.url}"]
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=TOP,
        env=os.environ | {"RPA_HOME": str(home), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as running:
        try:
            yield _link(running)
        finally:
            running.terminate()


def _link(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    text = ""
    for line in running.stdout:
        text += line
        try:
            return str(json.loads(text)["link"])
        except ValueError:
            continue
    raise SystemExit("rpa console did not start")


@contextmanager
def _operator() -> Iterator[BrowserContext]:
    """The operator's own browser."""
    found = find_browser(BrowserSettings(), headless=True)
    if found is None:
        raise SystemExit("no browser; see rpa doctor")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path, chromium_sandbox=not must_lack_sandbox()
        )
        yield browser.new_context(viewport=SIZE, locale="zh-CN")  # type: ignore[arg-type]
        browser.close()


def _start(album: Album, page: Page, workbooks: tuple[Path, Path]) -> str:
    """Drop the workbook, mend it, drop it again, start; returns the batch's address."""
    wrong, right = workbooks
    expect(page.locator("#nothing, .calm").first).to_be_visible()
    album.take("01-待办-没有待办")
    page.get_by_role("link", name="新批次").click()
    page.locator("#file").set_input_files(wrong)
    expect(page.get_by_text("需更正")).not_to_have_count(0)
    album.take("02-新批次-检查结果", whole=True)
    page.locator("#file").set_input_files(right)
    expect(page.get_by_text("没有发现问题")).to_be_visible()
    page.get_by_label("只确认第一笔").check()
    album.take("03-新批次-开始办理", whole=True)
    page.get_by_role("button", name="开始办理").click()
    page.wait_for_url("**/batches/**")
    return page.url


def _answer(album: Album, page: Page, world: World, filings: int) -> None:
    """Sit at 待办 until every filing has ended."""
    batch = page.url
    expect(page.locator("#waiting")).to_have_text("4")
    expect(page.locator("#views img:visible")).to_have_count(4)
    page.wait_for_function(_SHOWN)
    album.take("06-批次-办理中", whole=True)
    page.get_by_role("link", name="待办", exact=False).first.click()
    for number in range(filings):
        card = page.locator("#place article.captcha")
        expect(card).to_be_visible()
        page.wait_for_function(_LOADED)
        if number == 0:
            album.take("04-待办-验证码")
        _read(page, world)
        if number == 0:
            _approve(album, page)
    page.goto(batch)
    expect(page.locator("main")).to_contain_text("已办完")


def _read(page: Page, world: World) -> None:
    """Type what the picture says and send it; the next card comes by itself."""
    picture = page.locator("#place .picture img")
    address = str(picture.get_attribute("src"))
    shown = sha256(page.request.get(page.url.rstrip("/") + address).body()).hexdigest()
    text = next(made.text for made in world.captchas() if made.picture_sha256 == shown)
    page.locator("#answer").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(f'#place .picture img[src="{address}"]')).to_have_count(0)


def _approve(album: Album, page: Page) -> None:
    """The first filing's approval, chosen out of the line."""
    card = page.locator("#place article.approval")
    page.locator("#line").get_by_text("提交前确认").first.click()
    expect(card).to_be_visible()
    expect(page.locator("#toasts > *")).to_have_count(0)
    album.take("05-待办-提交前确认")
    card.get_by_role("button", name="同意提交").click()
    expect(card).to_have_count(0)


def _look_back(album: Album, page: Page, batch: str) -> None:
    """What is left when the batch is done."""
    page.goto(batch)
    expect(page.get_by_text("已办完").first).to_be_visible()
    album.take("07-批次-办完", whole=True)
    page.locator("main table a[href*='/rows/']").first.click()
    expect(page.locator("main img").first).to_be_visible()
    page.wait_for_function(_LOADED)
    album.take("08-办件")
    page.goto(batch)
    page.get_by_role("link", name="平台", exact=True).click()
    expect(page.locator("main h1")).to_be_visible()
    album.take("09-平台")


if __name__ == "__main__":
    main(sys.argv[1:])
