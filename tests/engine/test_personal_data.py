"""What a session's pictures hide belongs to the filing at work, and to nobody after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.credentials.store import Credential, Credentials, Source
from rpa.engine.attempt.personal_data import masking_personal_data
from rpa.filing import Employer, Filing
from tests.support.portal import portal_at

pytestmark = pytest.mark.asyncio(loop_scope="session")

CODE = "91440100MA0000001A"


def _filing(**values: str) -> Filing:
    employer = Employer("广东示例科技有限公司", CODE, **values)  # type: ignore[arg-type]
    return Filing("guangdong", "广州", "2024", "稳岗返还", 2026, employer, row=3)


def _known(session: Session) -> dict[str, str]:
    return dict(session.personal.wanted(trusted=True)["known"])


async def test_each_filing_of_a_shared_session_is_known_alone(
    running: RunningBrowser, tmp_path: Path
) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("guangdong", "张三经办", Credential("handler-7", "some-word-1"), into=Source.FILE)
    credentials.set("guangdong", "单位登录", Credential(CODE, "some-word-2"), into=Source.FILE)
    first = _filing(contact="张示例", phone="13800001234", account="1714000000000001", login_name="张三经办")
    second = _filing(contact="李另人", account_name="广东示例科技有限公司", login_name="单位登录")
    async with Session.open(running, portal_at("http://127.0.0.1:9")) as session:
        async with masking_personal_data(session, first, credentials):
            assert _known(session) == {
                "联系人": "张示例",
                "联系方式": "13800001234",
                "银行账号": "1714000000000001",
            }
        session.signed_in = True
        async with masking_personal_data(session, first, credentials):
            assert _known(session)["登录账号"] == "handler-7"
        assert _known(session) == {}
        async with masking_personal_data(session, second, credentials):
            assert _known(session) == {"联系人": "李另人"}
