"""Where Henan asks for a password too: from the stored logins if the row names one, else from a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_portal.records import PASSWORD
from mock_portal.server import MockPortal
from rpa.credentials.store import Credential, Credentials, Source
from rpa.engine.batch.data import BatchResult
from rpa.filing import Verdict
from tests.support import henan

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "示例单位"


async def _run(folder: Path, password: str) -> tuple[BatchResult, henan.Clerk]:
    (row,) = rows = henan.rows(1)
    row["login_name"] = NAME
    world = henan.world(rows)
    world.asks_password = True
    with MockPortal(world=world) as portal:
        configured = henan.settings(folder, portal.url)
        configured.home.mkdir(parents=True)
        login = Credential(str(row["code"]), password)
        Credentials(configured.home).set("henan", NAME, login, into=Source.FILE)
        clerk = henan.Clerk(world)
        book = henan.write(folder / "批次.xlsx", rows)
        return await henan.run(book, configured, clerk, approve="none"), clerk


async def test_a_stored_password_is_used_and_nobody_asked(tmp_path: Path) -> None:
    result, clerk = await _run(tmp_path, PASSWORD)
    assert result.counts == {Verdict.SUBMITTED: 1}, result.entries[0].outcome.explanation
    assert [request.kind for request in clerk.asked] == ["captcha"]


async def test_a_stored_password_that_is_wrong_is_for_a_person(tmp_path: Path) -> None:
    result, clerk = await _run(tmp_path, "wrong-password")
    assert result.counts == {Verdict.NEEDS_PERSON: 1}
    assert "登录时平台提示" in result.entries[0].outcome.explanation
    assert len(clerk.asked) == 1
