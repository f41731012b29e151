"""Find a browser on this machine and start it, or connect to one on another machine.

Order: what the settings name, else Playwright's own Chromium, Chrome, Edge, the system's Chromium
(Debian's packages). Headless prefers a headless shell, which costs a third of a full browser.
Nothing is downloaded here: ``rpa doctor --fix`` installs what is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.errors import UserError
from rpa.settings.addresses import origin_of
from rpa.settings.settings import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

_ARGUMENTS = (
    "--disable-quic",  # a portal is reached over TCP: one way to send a request, not two
    "--disable-domain-reliability",  # no reports to third parties about the portals visited
    "--no-pings",
)

_DEBIAN_SHELL = Path("/usr/lib/chromium/chromium-headless-shell")
"""The program itself: what Debian puts into /usr/bin is a shell script around it."""

_CONNECT_SECONDS = 15.0
_UNREACHABLE = {
    "version mismatch": "对方的 Playwright 与本机的不是同一版本，请换成相同的版本",
    "ECONNREFUSED": "拒绝连接，请确认对方已启动",
    "ENOTFOUND": "域名无法解析",
    "certificate": "对方的证书不受信任",
    "unexpected response": "对方拒绝了这个地址，请核对整个地址",
}
"""What Playwright's error means; its own words quote the whole address."""

_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


class BrowserMissingError(UserError):
    """The machine has no browser that starts; the message (Chinese) says what to do."""


@dataclass(frozen=True, slots=True)
class FoundBrowser:
    """A browser that can be started."""

    name: str
    """As the operator reads it, e.g. ``Google Chrome``."""
    source: str
    """Where it comes from: ``设置``, ``Playwright`` or ``系统``."""
    path: Path | None = None
    channel: str | None = None
    """Playwright's channel, where the settings name one instead of a path."""

    @property
    def shell(self) -> bool:
        """Whether it is a headless shell, which cannot show a window."""
        return self.path is not None and "headless" in self.path.name

    @property
    def place(self) -> str:
        """Path or channel, for messages."""
        return str(self.path or self.channel)


def find_browser(settings: BrowserSettings, *, headless: bool) -> FoundBrowser | None:
    """The browser to use, or ``None`` when the machine has none.

    Raises:
        BrowserMissingError: the settings name a browser that is not there.
    """
    if settings.executable is not None:
        return _configured(settings.executable, headless=headless)
    if settings.channel:
        return FoundBrowser(settings.channel, "设置", channel=settings.channel)
    return next(_installed(headless=headless), None)


def _configured(path: Path, *, headless: bool) -> FoundBrowser:
    path = path.expanduser()
    if not path.is_file():
        raise BrowserMissingError(f"设置 browser.executable 指定的浏览器不存在：{path}")
    found = FoundBrowser(path.stem, "设置", path=path)
    if found.shell and not headless:
        raise BrowserMissingError(
            f"{path} 只能在后台运行，不能显示窗口：请去掉 --headed，或在设置中换一个浏览器"
        )
    return found


def _installed(*, headless: bool) -> Iterator[FoundBrowser]:
    if headless:
        yield from _playwright_own("chromium-headless-shell")
        if _DEBIAN_SHELL.is_file():
            yield FoundBrowser("Chromium Headless Shell", "系统", path=_DEBIAN_SHELL)
    yield from _playwright_own("chromium")
    for name, path in _usual_places():
        if path.is_file():
            yield FoundBrowser(name, "系统", path=path)


def _playwright_own(kind: str) -> Iterator[FoundBrowser]:
    """Playwright's downloaded browser, if it is the very revision that this Playwright wants."""
    revision = _wanted_revisions().get(kind)
    folder = playwright_browsers() / f"{kind.replace('-', '_')}-{revision}"
    names = {"chrome", "chrome.exe", "headless_shell", "headless_shell.exe"} | {
        "chrome-headless-shell",
        "chrome-headless-shell.exe",
        "Chromium",
        "Google Chrome for Testing",
    }
    for pattern in ("*/*", "*/*.app/Contents/MacOS/*"):
        for path in sorted(folder.glob(pattern)):
            if path.name in names and path.is_file():
                yield FoundBrowser("Playwright Chromium", "Playwright", path=path)


def _wanted_revisions() -> Mapping[str, str]:
    package = find_spec("playwright")
    if package is None or package.origin is None:
        return {}
    table = Path(package.origin).parent / "driver" / "package" / "browsers.json"
    if not table.is_file():
        return {}
    browsers = json.loads(table.read_text(encoding="utf-8"))["browsers"]
    return {browser["name"]: browser["revision"] for browser in browsers}


def playwright_browsers() -> Path:
    """Where ``playwright install`` puts browsers (PLAYWRIGHT_BROWSERS_PATH, else the user's cache)."""
    configured = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if configured == "0":
        package = find_spec("playwright")
        origin = Path(package.origin or ".") if package else Path()
        return origin.parent / "driver" / "package" / ".local-browsers"
    if configured:
        return Path(configured)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "")) / "ms-playwright"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "ms-playwright"


def _usual_places() -> Iterator[tuple[str, Path]]:
    """Name and path of the browsers that people install, the preferred ones first."""
    if sys.platform == "win32":
        yield from _windows_places()
    elif sys.platform == "darwin":
        for name in ("Google Chrome", "Microsoft Edge", "Chromium"):
            for top in (Path("/Applications"), Path.home() / "Applications"):
                yield name, top / f"{name}.app" / "Contents" / "MacOS" / name
    else:
        yield from _linux_places()


def _windows_places() -> Iterator[tuple[str, Path]]:
    tails = {
        "Google Chrome": Path("Google/Chrome/Application/chrome.exe"),
        "Microsoft Edge": Path("Microsoft/Edge/Application/msedge.exe"),
        "Chromium": Path("Chromium/Application/chrome.exe"),
    }
    for name, tail in tails.items():
        for variable in _WINDOWS_FOLDERS:
            if top := os.environ.get(variable):
                yield name, Path(top) / tail


def _linux_places() -> Iterator[tuple[str, Path]]:
    names = {
        "Google Chrome": ("google-chrome", "google-chrome-stable"),
        "Microsoft Edge": ("microsoft-edge", "microsoft-edge-stable"),
        "Chromium": ("chromium", "chromium-browser"),
    }
    for name, commands in names.items():
        for command in commands:
            if path := shutil.which(command):
                yield name, Path(path)


def must_lack_sandbox() -> bool:
    """Whether Chromium's sandbox has to be off: only for root inside a container or on CI.

    Chromium refuses to start as root with its sandbox, and a container is a fence of its own. Root on
    an ordinary machine gets the refusal instead.
    """
    return _is_root() and (_in_container() or bool(os.environ.get("CI")))


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _in_container() -> bool:
    if any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")):
        return True
    try:
        groups = Path("/proc/1/cgroup").read_text(encoding="utf-8")
    except OSError:
        return False
    return any(word in groups for word in ("docker", "kubepods", "containerd", "lxc"))


async def launch(playwright: Playwright, settings: BrowserSettings) -> Browser:
    """Start the browser that :func:`find_browser` names, or connect to the remote one of the settings.

    Raises:
        BrowserMissingError: there is no browser, or it does not start or answer; the message says what
            to do.
    """
    if settings.ws_endpoint:
        return await _connect(playwright, settings)
    return await _start(playwright, settings)


async def _connect(playwright: Playwright, settings: BrowserSettings) -> Browser:
    """Use the browser of a Playwright server; how it is started and shown is that server's matter."""
    from loguru import logger  # as in _start
    from playwright.async_api import Error

    place = origin_of(settings.ws_endpoint)  # its path may be a secret
    try:
        browser = await playwright.chromium.connect(
            settings.ws_endpoint, timeout=_CONNECT_SECONDS * 1000, slow_mo=settings.slow_mo
        )
    except Error as error:
        reason = next((reason for sign, reason in _UNREACHABLE.items() if sign in error.message), "没有应答")
        raise BrowserMissingError(
            f"远程浏览器（{place}）连不上：{reason}\n请检查设置 browser.ws_endpoint"
        ) from None
    logger.debug("远程浏览器：{}（{}）", browser.version, place)
    return browser


async def _start(playwright: Playwright, settings: BrowserSettings) -> Browser:
    from loguru import logger  # rpa doctor finds browsers without logging
    from playwright.async_api import Error  # so do the fast commands

    found = find_browser(settings, headless=not settings.headed)
    if found is None:
        raise BrowserMissingError("没有找到浏览器。请运行：rpa doctor --fix")
    sandbox = not must_lack_sandbox()
    if not sandbox:
        logger.info("以 root 身份在容器或 CI 中运行：浏览器沙箱已关闭（--no-sandbox）")
    try:
        browser = await playwright.chromium.launch(
            executable_path=found.path,
            channel=found.channel,
            headless=not settings.headed,
            slow_mo=settings.slow_mo,
            chromium_sandbox=sandbox,
            args=list(_ARGUMENTS),
        )
    except Error as error:
        raise BrowserMissingError(_why_not(found, error.message)) from error
    logger.debug("浏览器：{} {}（{}）", found.name, browser.version, found.place)
    return browser


def _why_not(found: FoundBrowser, message: str) -> str:
    """What Chromium's refusal means for an operator."""
    reasons = {
        "as root without --no-sandbox": "浏览器拒绝以 root 身份运行：请换一个普通用户运行",
        "No usable sandbox": "系统不允许浏览器建立沙箱（新版 Ubuntu 的默认设置）："
        "请安装 Google Chrome，它的安装包自带所需的许可，程序会自动选用",
        "error while loading shared libraries": "浏览器缺少系统库，请运行：rpa doctor --fix",
        "Missing X server": "没有可用的图形界面：请去掉 --headed",
        "$DISPLAY": "没有可用的图形界面：请去掉 --headed",
        "is not found at": "没有找到设置 browser.channel 指定的浏览器",
    }
    for sign, reason in reasons.items():
        if sign in message:
            return f"浏览器无法启动（{found.name}，{found.place}）：{reason}"
    last = [line for line in message.strip().splitlines() if line.strip()][:1]
    return f"浏览器无法启动（{found.name}，{found.place}）：{''.join(last)}\n请运行：rpa doctor"
