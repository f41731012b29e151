"""The province in docs/add-a-province.md works as it stands there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpa.filing import Verdict
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.support import batch
from tests.support.example_province import FILES, unpacked
from tests.support.tiny_portal import TinyPortal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The page's files in a folder of their own, where they are found; gives the portal's settings."""
    with unpacked(tmp_path / "checkout", monkeypatch) as settings:
        yield settings


def rows(count: int) -> list[dict[str, Any]]:
    return sample_rows(count, batch.YEAR, "示例")


async def test_the_page_has_a_whole_province() -> None:
    assert [name.removesuffix(".py") for name in FILES] == [
        "configs/example.toml",
        "flows/example/screens",
        "flows/example/refund",
        "flows/example/__init__",
    ]


async def test_its_filings_are_made_once_and_proved(tmp_path: Path, province: dict[str, Any]) -> None:
    employers = rows(2)
    book = tmp_path / "批次.xlsx"
    write_sample(book, employers, portals=["示例"])
    known = {str(row["code"]): str(row["name"]) for row in employers}
    with TinyPortal(known, batch.YEAR).serving() as portal:
        configured = batch.hurried(tmp_path, {"example": province | {"base_url": portal.url}})
        first = await batch.run(book, configured, NOBODY, approve="none")
        second = await batch.run(book, configured, NOBODY, approve="none")
        again = tmp_path / "又一批.xlsx"
        write_sample(again, employers, portals=["示例"])
        elsewhere = batch.hurried(tmp_path / "另一台", {"example": province | {"base_url": portal.url}})
        found = await batch.run(again, elsewhere, NOBODY, approve="none")
    assert first.counts == second.counts == {Verdict.SUBMITTED: 2}, first.entries[0].outcome.explanation
    assert found.counts == {Verdict.ALREADY_FILED: 2}
    wanted = [(str(row["code"]), row["contact"], row["account"]) for row in employers]
    assert sorted(portal.commits) == sorted(wanted)


async def test_a_page_of_another_unit_is_not_touched(tmp_path: Path, province: dict[str, Any]) -> None:
    (row,) = rows(1)
    write_sample(tmp_path / "批次.xlsx", [row], portals=["示例"])
    with TinyPortal({str(row["code"]): "另一家有限公司"}, batch.YEAR).serving() as portal:
        configured = batch.hurried(tmp_path, {"example": province | {"base_url": portal.url}})
        result = await batch.run(tmp_path / "批次.xlsx", configured, NOBODY, approve="none")
    assert result.counts == {Verdict.NEEDS_PERSON: 1}
    assert portal.commits == []


class _Nobody:
    """Is asked nothing."""

    async def serve(self, *_: object) -> None:
        raise AssertionError("somebody was asked something")


NOBODY: Any = _Nobody()
