"""What ``rpa doctor`` looks at. Each check says how things stand and the one command that mends them."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from socket import gaierror
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from rpa.browser.launch import find_browser, launch, must_lack_sandbox
from rpa.cli.shared.data_folder import prepare_home
from rpa.credentials.store import Credentials
from rpa.errors import UserError
from rpa.settings.addresses import origin_of
from rpa.settings.portal import PortalSettings
from rpa.settings.settings import BrowserSettings, Settings

OLDEST, NEWEST = (3, 11), (3, 14)
_CHINA_OFFSET = timedelta(hours=8)
CLOCK_SECONDS = 60
"""A clock that is further off makes captchas and evidence times doubtful."""
PORTAL_SECONDS = 8.0
FIX = "rpa doctor --fix"

_FONT_MARKS = ("cjk", "wqy", "sourcehan", "droidsansfallback", "simsun", "simhei", "msyh", "uming", "ukai")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    """The work can be done all the same."""
    MISSING = "missing"
    """The work cannot be done."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    key: str
    title: str
    level: Level
    detail: str
    remedy: str = ""
    """The one command (or action) that mends it, in Chinese."""


def examine(settings: Settings, *, offline: bool) -> Iterator[Check]:
    """Look at everything, the quick things first.

    Args:
        settings: which browser, folder and portals.
        offline: leave the portals alone.
    """
    yield python()
    yield home(settings)
    yield logins(settings)
    yield zone()
    yield fonts()
    if settings.browser.ws_endpoint:
        yield remote_browser(settings.browser)
    else:
        yield background_browser(settings.browser)
        yield windowed_browser(settings.browser)
    if not offline:
        yield from portals(tuple(settings.portals.values()))


def python() -> Check:
    """Whether this Python is one of the supported ones."""
    version = sys.version.split()[0]
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Check("python", "Python", Level.OK, version)
    return Check("python", "Python", Level.MISSING, f"{version} 不受支持", "请安装 Python 3.11 至 3.14")


def home(settings: Settings) -> Check:
    """Whether the user's folder can be written."""
    try:
        folder = prepare_home(settings)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (UserError, OSError) as error:
        why = f"{settings.home} 不可写（{error.strerror}）" if isinstance(error, OSError) else str(error)
        return Check("home", "数据目录", Level.MISSING, why, "设置环境变量 RPA_HOME")
    return Check("home", "数据目录", Level.OK, f"{folder}（可写，仅本人可读）")


def logins(settings: Settings) -> Check:
    """Where accounts and passwords of logins are stored, and whether nobody else can read them."""
    title, credentials = "登录密码", Credentials(settings.home)
    path = credentials.file.path
    try:
        count, ring = len(credentials.names()), credentials.keyring
    except UserError as error:
        remedy = f"chmod 600 {path}" if credentials.file.exposed else "按左边的说明处理"
        return Check("logins", title, Level.WARNING, str(error), remedy)
    where = f"系统钥匙串（{ring}）" if ring else f"没有系统钥匙串，存入文件 {path}（仅本人可读）"
    return Check("logins", title, Level.OK, f"{where}；已保存 {count} 个登录")


def zone() -> Check:
    """Whether the machine's clock shows China's time; the evidence names its zone in any case."""
    offset = datetime.now().astimezone().utcoffset()
    if offset == _CHINA_OFFSET:
        return Check("zone", "时区", Level.OK, "UTC+8")
    remedy = {
        "win32": 'tzutil /s "China Standard Time"',
        "darwin": "sudo systemsetup -settimezone Asia/Shanghai",
    }.get(sys.platform, "sudo timedatectl set-timezone Asia/Shanghai")
    return Check("zone", "时区", Level.WARNING, "本机不是北京时间；证据中仍按 UTC+8 记录", remedy)


def fonts() -> Check:
    """Whether pages and pictures can show Chinese."""
    if sys.platform in ("win32", "darwin"):
        return Check("fonts", "中文字体", Level.OK, "系统自带")
    family = _chinese_font()
    if family:
        return Check("fonts", "中文字体", Level.OK, family)
    return Check("fonts", "中文字体", Level.MISSING, "没有中文字体，截图中的汉字会变成方框", FIX)


def _chinese_font() -> str:
    """A Chinese font of this machine: asked of fontconfig, else looked for in the usual folders."""
    if tool := shutil.which("fc-list"):
        command = [tool, ":lang=zh-cn", "--format", "%{family[0]}\n"]
        listed = subprocess.run(  # noqa: S603 - a fixed command
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
        return max(listed.stdout.splitlines(), key=lambda family: "SC" in family, default="").strip()
    for folder in _FONT_FOLDERS:
        for path in Path(folder).expanduser().rglob("*.[to]t[cf]"):
            if any(mark in path.name.lower().replace("-", "") for mark in _FONT_MARKS):
                return path.stem
    return ""


def background_browser(settings: BrowserSettings) -> Check:
    """Whether a browser starts without a window: the usual way of working."""
    try:
        found = find_browser(settings, headless=True)
        if found is None:
            return Check("browser", "浏览器", Level.MISSING, "没有找到", FIX)
        version = asyncio.run(_started(settings.model_copy(update={"headed": False})))
    except UserError as error:
        reason = str(error)
        remedy = FIX if "rpa doctor" in reason else "按左边的说明处理"
        return Check("browser", "浏览器", Level.MISSING, reason.splitlines()[0], remedy)
    fence = "；以 root 在容器或 CI 中运行，沙箱已关闭" if must_lack_sandbox() else ""
    return Check("browser", "浏览器", Level.OK, f"{found.name} {version}（{found.place}）{fence}")


def remote_browser(settings: BrowserSettings) -> Check:
    """Whether the browser on another machine answers."""
    try:
        version = asyncio.run(_started(settings))
    except UserError as error:
        reason, _, remedy = str(error).partition("\n")
        return Check("browser", "浏览器", Level.MISSING, reason, remedy)
    return Check(
        "browser", "浏览器", Level.OK, f"远程 Chromium {version}（{origin_of(settings.ws_endpoint)}）"
    )


async def _started(settings: BrowserSettings) -> str:
    """Start the browser (or connect to it) once and return its version."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await launch(playwright, settings)
        version = browser.version
        await browser.close()
    return version


def windowed_browser(settings: BrowserSettings) -> Check:
    """Whether the work can be watched (--headed): wanted by some, needed by none."""
    title = "浏览器窗口"
    try:
        found = find_browser(settings, headless=False)
    except UserError as error:
        return Check("window", title, Level.WARNING, str(error), "修改设置 browser.executable")
    if found is None:
        return Check("window", title, Level.WARNING, "没有能显示窗口的浏览器，不能用 --headed", FIX)
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Check("window", title, Level.OK, f"{found.name}；本机现在没有图形界面，不能用 --headed")
    return Check("window", title, Level.OK, f"{found.name}（{found.place}）")


def portals(wanted: Sequence[PortalSettings]) -> Iterator[Check]:
    """Whether each portal answers, and whether our clock agrees with its."""
    with ThreadPoolExecutor(max_workers=max(1, len(wanted))) as pool:
        yield from pool.map(_portal, wanted)


def _portal(portal: PortalSettings) -> Check:
    key, title = f"portal:{portal.name}", f"平台：{portal.name}"
    try:
        with urlopen(Request(portal.base_url, method="HEAD"), timeout=PORTAL_SECONDS) as answer:  # noqa: S310
            return _clock(key, title, portal.base_url, answer.headers.get("Date"))
    except HTTPError as error:
        if error.code < 500:  # noqa: PLR2004 - it answers, if only to say that HEAD is not for it
            return _clock(key, title, portal.base_url, error.headers.get("Date"))
        reason = f"返回 HTTP {error.code}"
    except URLError as error:
        reason = _why(error.reason)
    except (OSError, HTTPException) as error:
        reason = _why(error)
    return Check(
        key,
        title,
        Level.WARNING,
        f"{portal.base_url} 连不上（{reason}）",
        "检查网络或代理；平台维护时请稍后再试",
    )


def _why(reason: object) -> str:
    """Why a portal was not reached, in the operator's words where there are any."""
    words = {gaierror: "域名无法解析", TimeoutError: "超时没有应答", ConnectionRefusedError: "拒绝连接"}
    return next((word for kind, word in words.items() if isinstance(reason, kind)), str(reason))


def _clock(key: str, title: str, address: str, date: str | None) -> Check:
    """Compare our clock with the time in the portal's answer (RFC 9110, Date)."""
    if date:
        behind = (parsedate_to_datetime(date).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        if abs(behind) > CLOCK_SECONDS:
            detail = f"{address} 可以连通，但本机时钟与平台相差 {abs(behind):.0f} 秒"
            return Check(key, title, Level.WARNING, detail, "校准本机时间（打开系统的“自动设置时间”）")
    return Check(key, title, Level.OK, f"{address} 可以连通")
