"""Employers that the mock knows, clerks without a browser, and a tab of one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from mock_portal.clock import Clock
from mock_portal.records import Employer
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import guangdong
from tests.mock_portal.clerk import Clerk

START = datetime(2024, 8, 21, 9, 30)
FORM = {
    "统一社会信用代码": "91410728MA45TE5T1T",
    "联系人": "张三",
    "联系方式": "13812345678",
    "户名": "河南示例商贸有限公司",
    "开户银行": "中国工商银行长垣支行",
    "银行账号": "1702020109000012345",
}
EMPLOYER = Employer("河南示例商贸有限公司", FORM["统一社会信用代码"], "410728000123")


@pytest.fixture
def look() -> Literal["classic", "spa"]:
    """Of Henan; a module of the other look has its own."""
    return "classic"


@pytest.fixture
def world(look: Literal["classic", "spa"]) -> World:
    return World([EMPLOYER], clock=Clock(START), countdown_seconds=0, look=look)


@pytest.fixture
def portal(world: World) -> Iterator[MockPortal]:
    with MockPortal(world=world) as running:
        yield running


@pytest.fixture
def clerk(portal: MockPortal) -> Clerk:
    """A visitor who has not signed in."""
    return Clerk(portal)


@pytest.fixture
def member(clerk: Clerk) -> Clerk:
    """The employer, signed in."""
    clerk.sign_in(EMPLOYER.code)
    return clerk


@pytest.fixture
def province() -> World:
    """Two employers of Guangdong under one handler, and one that nobody is bound to."""
    return World([guangdong.EMPLOYER, guangdong.OTHER, guangdong.STRANGER], clock=Clock(guangdong.START))


@pytest.fixture
def south(province: World) -> Iterator[MockPortal]:
    """The portal of Guangdong."""
    with MockPortal(world=province, portal="guangdong") as running:
        yield running


@pytest.fixture
def visitor(south: MockPortal) -> guangdong.Clerk:
    """A visitor of Guangdong who has not signed in."""
    return guangdong.Clerk(south)


@pytest.fixture
def handler(visitor: guangdong.Clerk) -> guangdong.Clerk:
    """The handler, signed in for the first employer."""
    visitor.sign_in()
    return visitor


@pytest_asyncio.fixture(loop_scope="session")
async def tab(chromium: Browser) -> AsyncIterator[Page]:
    """A page in a context of its own; a script error on any page fails the test."""
    context = await chromium.new_context(locale="zh-CN")
    context.set_default_timeout(60_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield await context.new_page()
    await context.close()
    assert not errors
