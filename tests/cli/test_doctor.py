"""``rpa doctor``: each lack is seen and named; ``--fix`` calls the installer that fits."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from rpa.browser import launch
from rpa.cli.doctor import checks, remedies
from rpa.cli.doctor.checks import FIX, Check, Level
from rpa.cli.main import main
from rpa.credentials.store import Credential, Credentials, Source
from rpa.settings.settings import BrowserSettings, Settings, load_settings
from tests.cli.conftest import Rpa
from tests.cli.keyrings import MemoryKeyring, use
from tests.support.portal import portal_at
from tests.support.remote_browser import playwright_server
from tests.support.wire import nobody_there


@contextmanager
def portal(status: int, ahead: timedelta = timedelta()) -> Iterator[str]:
    """A portal on loopback with a clock of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(status)
            self.send_header("Date", format_datetime(datetime.now(UTC) + ahead, usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def look_at(url: str) -> Check:
    return next(iter(checks.portals([portal_at(url)])))


@pytest.mark.parametrize("status", [200, 302, 404, 405])
def test_a_portal_that_answers_is_reachable(status: int) -> None:
    with portal(status) as url:
        assert look_at(url).level is Level.OK


def test_a_portal_with_an_error_is_told() -> None:
    with portal(503) as url:
        seen = look_at(url)
    assert (seen.level, "HTTP 503" in seen.detail) == (Level.WARNING, True)


def test_a_portal_that_nobody_serves_is_told() -> None:
    with nobody_there() as url:
        seen = look_at(url)
    assert (seen.level, "拒绝连接" in seen.detail) == (Level.WARNING, True)


def test_a_wrong_clock_is_told() -> None:
    with portal(200, timedelta(minutes=7)) as url:
        seen = look_at(url)
    assert (seen.level, "相差 4" in seen.detail) == (Level.WARNING, True)


def test_a_missing_browser_is_mended_by_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_browser", lambda *_, **__: None)
    seen = checks.background_browser(BrowserSettings())
    assert (seen.level, seen.remedy) == (Level.MISSING, FIX)


def test_a_configured_browser_that_is_gone_is_told(tmp_path: Path) -> None:
    seen = checks.background_browser(BrowserSettings(executable=tmp_path / "chrome"))
    assert seen.level is Level.MISSING
    assert str(tmp_path) in seen.detail
    assert seen.remedy != FIX


def test_a_browser_that_starts_is_named_with_its_version() -> None:
    seen = checks.background_browser(BrowserSettings())
    found = launch.find_browser(BrowserSettings(), headless=True)
    assert found is not None
    assert seen.level is Level.OK
    assert seen.detail.startswith(f"{found.name} ")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    seen = checks.home(Settings(home=tmp_path / "file" / "home"))
    assert (seen.level, "RPA_HOME" in seen.remedy) == (Level.MISSING, True)


def test_the_folder_is_readable_by_the_owner_alone(home: Path) -> None:
    assert checks.home(load_settings()).level is Level.OK
    assert os.name == "nt" or home.stat().st_mode & 0o777 == 0o700


def test_where_logins_are_kept_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = checks.logins(load_settings())
    assert (seen.level, f"存入文件 {home / 'logins.toml'}" in seen.detail) == (Level.OK, True)
    use(monkeypatch, MemoryKeyring())
    Credentials(home).set("henan", "张三经办", Credential("account", "password"))
    seen = checks.logins(load_settings())
    assert (seen.level, seen.detail) == (Level.OK, "系统钥匙串（keyrings MemoryKeyring）；已保存 1 个登录")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_logins_that_others_may_read_are_a_warning(home: Path) -> None:
    kept = Credentials(home)
    kept.set("henan", "张三经办", Credential("account", "password"), into=Source.FILE)
    kept.file.path.chmod(0o644)
    seen = checks.logins(load_settings())
    assert (seen.level, seen.remedy) == (Level.WARNING, f"chmod 600 {home / 'logins.toml'}")
    assert "其他用户可以读取" in seen.detail


def test_a_keyring_that_cannot_be_loaded_is_a_warning(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    seen = checks.logins(load_settings())
    assert (seen.level, "PYTHON_KEYRING_BACKEND" in seen.detail) == (Level.WARNING, True)


def test_fonts_are_looked_for_without_fontconfig(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(checks, "_FONT_FOLDERS", (str(tmp_path / "fonts"),))
    assert (checks.fonts().level, checks.fonts().remedy) == (Level.MISSING, FIX)
    (tmp_path / "fonts" / "noto").mkdir(parents=True)
    (tmp_path / "fonts" / "noto" / "NotoSansCJK-Regular.ttc").write_bytes(b"")
    assert (checks.fonts().level, checks.fonts().detail) == (Level.OK, "NotoSansCJK-Regular")


@pytest.fixture
def installers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``apt-get`` that only notes what it is told; returns its notes."""
    notes = tmp_path / "apt.txt"
    tool = tmp_path / "bin" / "apt-get"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND: $*" >> "{notes}"\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(remedies, "_is_debian", lambda: True)
    monkeypatch.setattr(remedies, "_as_root", lambda: ())
    return notes


LACKS = (
    Check("browser", "浏览器", Level.MISSING, "没有找到", FIX),
    Check("fonts", "中文字体", Level.MISSING, "没有", FIX),
    Check("zone", "时区", Level.WARNING, "", "timedatectl"),
)


def test_fix_installs_debians_packages(installers: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert remedies.mend(LACKS, quiet=False)
    assert installers.read_text(encoding="utf-8").splitlines() == [
        "noninteractive: update -q",
        "noninteractive: install -y -q --no-install-recommends "
        "fonts-noto-cjk chromium chromium-headless-shell chromium-sandbox",
    ]
    assert capfd.readouterr().out == ""


def test_fix_says_what_an_administrator_must_run(
    installers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(remedies, "_as_root", lambda: None)
    assert not remedies.mend(LACKS[1:], quiet=False)
    assert "sudo apt-get install fonts-noto-cjk" in capsys.readouterr().err
    assert not installers.exists()


def test_a_failed_installer_is_shown_even_when_quiet(
    installers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bin" / "apt-get").write_text("#!/bin/sh\necho no network\nexit 100\n", encoding="utf-8")
    assert remedies.mend(LACKS[1:], quiet=True)
    told = capsys.readouterr().err
    assert "no network" in told
    assert "安装没有成功（100）" in told


def test_nothing_is_installed_where_nothing_lacks(installers: Path) -> None:
    assert not remedies.mend(LACKS[2:], quiet=True)
    assert not installers.exists()


def test_elsewhere_playwright_installs_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    carried_out: list[tuple[str, ...]] = []

    def carry_out(command: tuple[str, ...], *, quiet: bool) -> bool:
        carried_out.append(command)
        return quiet

    monkeypatch.setattr(remedies, "_is_debian", lambda: False)
    monkeypatch.setattr(remedies, "_as_root", lambda: None)
    monkeypatch.setattr(remedies, "_run_installer", carry_out)
    assert remedies.mend(LACKS[:1], quiet=True)
    assert carried_out == [(sys.executable, "-m", "playwright", "install", "chromium")]


def test_doctor_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--offline", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "wengang-rpa/doctor/1"
    assert [check["key"] for check in document["checks"]] == [
        "python",
        "home",
        "logins",
        "zone",
        "fonts",
        "browser",
        "window",
    ]
    assert code == (0 if document["ok"] else 3)


def test_a_lack_ends_with_its_own_exit_code(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RPA_BROWSER__EXECUTABLE", str(tmp_path / "chrome"))
    assert main(["doctor", "--offline", "--quiet"]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("浏览器：")


def test_doctor_survives_a_chinese_windows_console(rpa: Rpa) -> None:
    done = rpa("doctor", "--offline", encoding="gbk")
    assert done.returncode == 0, done.stderr
    assert "浏览器" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_remote_browser_is_asked_instead_of_one_on_this_machine(tmp_path: Path) -> None:
    with playwright_server(tmp_path) as address:
        settings = Settings(home=tmp_path, browser=BrowserSettings(ws_endpoint=address))
        seen = {check.key: check for check in checks.examine(settings, offline=True)}
    assert seen["browser"].level is Level.OK
    assert "远程 Chromium" in seen["browser"].detail
    assert "window" not in seen
    assert address.rpartition("/")[2] not in seen["browser"].detail, "its path may be a secret"


def test_a_remote_browser_that_does_not_answer_is_told() -> None:
    seen = checks.remote_browser(BrowserSettings(ws_endpoint="ws://127.0.0.1:1/token"))
    assert seen.level is Level.MISSING
    assert "拒绝连接" in seen.detail
    assert "browser.ws_endpoint" in seen.remedy
