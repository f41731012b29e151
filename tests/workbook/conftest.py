from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from rpa.settings.portal import PortalSettings
from rpa.settings.settings import WorkbookSettings
from rpa.workbook.columns import COLUMNS
from rpa.workbook.preflight import Preflight, check
from rpa.workbook.reader import Sheet, read_sheet
from rpa.workbook.samples import sample_rows

TODAY = date(2024, 7, 1)
YEAR = 2024
KEYS = [column.key for column in COLUMNS]
HEADERS = [column.header for column in COLUMNS]
PORTALS = {
    "henan": PortalSettings(
        name="河南",
        base_url="https://portal.example",
        default_edition="2024",
        editions={
            "2024": {"item_names": {"稳岗返还": ("稳岗返还申请", "稳岗补贴")}},  # type: ignore[dict-item]
            "2023": {"item_names": {"稳岗返还": ("普通稳岗返还信息确认",)}},  # type: ignore[dict-item]
        },
        city_editions={"济源": "2023"},
        unit_numbers={"pattern": r"41\d{10}", "words": "以 41 开头的 12 位数字"},  # type: ignore[arg-type]
        logins={
            "免数字证书": {},  # type: ignore[dict-item]
            "数字证书": {"instead": "免数字证书"},  # type: ignore[dict-item]
        },
    )
}
BOTH = PORTALS | {
    "guangdong": PortalSettings(
        name="广东",
        base_url="https://another.example",
        default_edition="2024",
        editions={"2024": {"item_names": {"稳岗返还": ("失业保险稳岗返还信息确认",)}}},  # type: ignore[dict-item]
        logins={
            "个人登录": {"stored": True, "shared": True},  # type: ignore[dict-item]
            "单位登录": {"stored": True},  # type: ignore[dict-item]
            "微信扫码": {},  # type: ignore[dict-item]
        },
        default_login="个人登录",
        not_required=("purpose_accepted",),
    )
}
"""Henan as above, which knows one way to log in, and another province, whose ways are these."""

Grid = Sequence[Sequence[object]]


def row(number: int = 1, **changes: object) -> dict[str, object]:
    """A fictional employer's row, with some of its cells changed."""
    return {**sample_rows(number, YEAR)[-1], **changes}


def guangdong(number: int = 1, **changes: object) -> dict[str, object]:
    """The same of the other province."""
    return {**sample_rows(number, YEAR, portal="guangdong")[-1], **changes}


def grid(*rows: Mapping[str, object], headers: Sequence[str] = HEADERS) -> list[list[object]]:
    """The template's header and some rows."""
    return [list(headers), *([one.get(key, "") for key in KEYS] for one in rows)]


def read(path: Path, **aliases: tuple[str, ...]) -> Sheet:
    return read_sheet(path, settings=WorkbookSettings(aliases=aliases))


def judge(path: Path, portals: Mapping[str, PortalSettings] = PORTALS) -> Preflight:
    return check(read(path), portals=portals, today=TODAY)


def rebuilt(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> None:
    """Change parts of a workbook's file in place."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            change = changes.get(part.filename, bytes)
            new.writestr(part.filename, change(old.read(part)))
    path.write_bytes(out.getvalue())


@pytest.fixture
def book(tmp_path: Path) -> Callable[[Grid], Path]:
    """Writes a workbook with one sheet of these cells; texts stay texts."""

    def write(cells: Grid) -> Path:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        for line, values in enumerate(cells, 1):
            for column, value in enumerate(values, 1):
                if value not in ("", None):
                    cell = sheet.cell(line, column, value)  # type: ignore[call-overload]
                    if isinstance(value, str) and not value.startswith("=SUM"):
                        cell.data_type = "s"
        path = tmp_path / "郑州 批次.xlsx"
        workbook.save(path)
        return path

    return write
