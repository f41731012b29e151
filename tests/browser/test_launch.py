"""Which browser is found, and how a browser that does not start is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from playwright.async_api import Playwright

from rpa.browser import launch as launching
from rpa.browser.launch import FoundBrowser, find_browser, launch
from rpa.errors import UserError
from rpa.settings.settings import BrowserSettings

REVISION = "4242"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux machine without any browser; programs are put into ``bin``."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setattr(launching, "_DEBIAN_SHELL", tmp_path / "lib" / "chromium-headless-shell")
    revisions = {"chromium": REVISION, "chromium-headless-shell": REVISION}
    monkeypatch.setattr(launching, "_wanted_revisions", lambda: revisions)
    return tmp_path


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def found(*, headless: bool) -> Path | None:
    browser = find_browser(BrowserSettings(), headless=headless)
    return browser.path if browser else None


def test_a_machine_without_a_browser(machine: Path) -> None:
    assert found(headless=True) is None
    assert found(headless=False) is None


def test_the_order(machine: Path) -> None:
    """Each browser that is installed is preferred to those before it in this list."""
    playwright = machine / "playwright"
    windowed = [
        program(machine / "bin" / "chromium"),
        program(machine / "bin" / "microsoft-edge"),
        program(machine / "bin" / "google-chrome"),
        program(playwright / f"chromium-{REVISION}" / "chrome-linux64" / "chrome"),
    ]
    assert found(headless=False) == found(headless=True) == windowed[-1]
    debian = program(machine / "lib" / "chromium-headless-shell")
    assert (found(headless=True), found(headless=False)) == (debian, windowed[-1])
    folder = playwright / f"chromium_headless_shell-{REVISION}" / "chrome-headless-shell-linux64"
    shell = program(folder / "chrome-headless-shell")
    assert (found(headless=True), found(headless=False)) == (shell, windowed[-1])
    for path, follower in zip(reversed(windowed), reversed(windowed[:-1]), strict=False):
        path.unlink()
        assert found(headless=False) == follower


def test_playwrights_browser_of_another_revision_is_not_taken(machine: Path) -> None:
    program(machine / "playwright" / "chromium-1" / "chrome-linux64" / "chrome")
    assert found(headless=False) is None


@pytest.mark.parametrize("folder", ["chrome-linux", "chrome-linux64", "chrome-linux-arm64"])
def test_playwrights_folders_of_several_versions(folder: str, machine: Path) -> None:
    path = program(machine / "playwright" / f"chromium-{REVISION}" / folder / "chrome")
    assert found(headless=False) == path


def test_chrome_and_edge_on_windows(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PROGRAMFILES", str(machine / "Program Files"))
    monkeypatch.setenv("PROGRAMFILES(X86)", str(machine / "Program Files (x86)"))
    edge = program(machine / "Program Files (x86)" / "Microsoft" / "Edge" / "Application" / "msedge.exe")
    assert found(headless=True) == edge
    chrome = program(machine / "Program Files" / "Google" / "Chrome" / "Application" / "chrome.exe")
    assert found(headless=True) == chrome


def test_chrome_on_macos(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(machine))
    app = machine / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome"
    program(app)
    assert found(headless=True) == app


def test_the_settings_come_first(machine: Path) -> None:
    program(machine / "bin" / "google-chrome")
    own = program(machine / "own" / "chromium-headless-shell")
    seen = find_browser(BrowserSettings(executable=own), headless=True)
    assert seen == FoundBrowser("chromium-headless-shell", "设置", path=own)
    assert seen.shell
    with pytest.raises(UserError, match="--headed"):
        find_browser(BrowserSettings(executable=own), headless=False)
    seen = find_browser(BrowserSettings(channel="msedge"), headless=True)
    assert seen == FoundBrowser("msedge", "设置", channel="msedge")


def test_a_configured_browser_that_is_gone(machine: Path) -> None:
    with pytest.raises(UserError, match=r"browser\.executable"):
        find_browser(BrowserSettings(executable=machine / "gone"), headless=True)


@pytest.mark.parametrize(
    ("root", "container", "ci", "without"),
    [
        (True, True, "", True),
        (True, False, "true", True),
        (True, False, "", False),
        (False, True, "true", False),
    ],
)
def test_the_sandbox_is_off_only_for_root_in_a_container_or_on_ci(
    *, root: bool, container: bool, ci: str, without: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "_is_root", lambda: root)
    monkeypatch.setattr(launching, "_in_container", lambda: container)
    monkeypatch.setenv("CI", ci)
    assert launching.must_lack_sandbox() is without


@pytest.mark.asyncio(loop_scope="session")
async def test_a_browser_that_does_not_start_is_told(driver: Playwright, tmp_path: Path) -> None:
    broken = program(tmp_path / "chrome")
    with pytest.raises(UserError, match="浏览器无法启动"):
        await launch(driver, BrowserSettings(executable=broken))


@pytest.mark.asyncio(loop_scope="session")
async def test_no_browser_names_the_command_that_helps(driver: Playwright, machine: Path) -> None:
    with pytest.raises(UserError, match="rpa doctor --fix"):
        await launch(driver, BrowserSettings())


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Running as root without --no-sandbox is not supported", "root"),
        ("No usable sandbox! Update your kernel", "Google Chrome"),
        ("error while loading shared libraries: libnss3.so", "rpa doctor --fix"),
        ("Missing X server or $DISPLAY", "--headed"),
        ("Chromium distribution 'chrome' is not found at /opt/google/chrome/chrome", "browser.channel"),
    ],
)
def test_known_refusals_are_explained(told: str, said: str) -> None:
    message = launching._why_not(FoundBrowser("Chromium", "系统", path=Path("/usr/bin/chromium")), told)
    assert said in message
    assert os.sep in message
