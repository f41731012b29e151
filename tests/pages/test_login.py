"""Somebody at another machine signs in with the password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from rpa.console.access.login_password import Password
from tests.console.test_beyond_loopback import PASSWORD, certificate, open_to_others
from tests.support.console import served_console


def test_the_password_lets_somebody_in(
    tmp_path: Path, new_context: Callable[..., BrowserContext], accessible: Callable[[Page], None]
) -> None:
    Password(tmp_path).set(PASSWORD)
    settings = open_to_others(tmp_path, **certificate(tmp_path))
    with served_console(settings) as served:
        page = new_context(ignore_https_errors=True).new_page()
        # Its own name is no machine's here; loopback is one of its names, since it listens everywhere.
        page.goto(f"https://localhost:{served.url.rpartition(':')[2]}/")
        expect(page.get_by_role("heading", name="登录操作台")).to_be_visible()
        accessible(page)
        expect(page.get_by_label("姓名")).to_be_focused()
        page.keyboard.type("李四")
        page.keyboard.press("Tab")
        page.keyboard.type("夏天-的-第二个班次")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("密码不对")
        page.keyboard.type(PASSWORD)  # the wrong one is selected, so that it is replaced
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="经办人：李四")).to_be_visible()
        page.context.close()  # a server that ends first would wait for the browser to say goodbye
