"""An employer that the mock knows, and a clerk without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from mock_portal.clock import Clock
from mock_portal.records import Employer
from mock_portal.server import MockPortal
from mock_portal.world import World
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
def world() -> World:
    return World([EMPLOYER], clock=Clock(START), countdown_seconds=0)


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
