"""Whatever stands in the cells: no unhandled exception, and no row is lost."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from rpa.errors import UserError
from rpa.workbook.marked import write_marked
from rpa.workbook.preflight import check
from tests.workbook.conftest import HEADERS, KEYS, PORTALS, TODAY, read, row

TEXTS = st.text(max_size=30).filter(lambda text: not ILLEGAL_CHARACTERS_RE.search(text))
DIRT = st.one_of(
    st.none(),
    TEXTS,
    st.sampled_from(
        ["", " ", "\u200b", "是", "６.２２E+１８", "=1+1", "#N/A", "<a>&amp;]]>", "_x0041_", "河南", "\ufeff"]
    ),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)),
)
CHANGES = st.dictionaries(st.sampled_from(KEYS), DIRT, max_size=6)


def _workbook(changes: list[dict[str, object]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(HEADERS)
    for number, change in enumerate(changes, 1):
        base = row(number, **change)
        for column, key in enumerate(KEYS, 1):
            sheet.cell(number + 1, column, base.get(key))  # type: ignore[call-overload]
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_every_row_ends_somewhere(tmp_path: Path, changes: list[dict[str, object]]) -> None:
    path, marked = tmp_path / "dirt.xlsx", tmp_path / "marked.xlsx"
    path.write_bytes(_workbook(changes))
    sheet = read(path)
    preflight = check(sheet, portals=PORTALS, today=TODAY)
    ended = [one.row for one in preflight.filings] + [one.row for one in preflight.blocked]
    assert sorted(ended) == [one.number for one in sheet.rows]
    assert {one.number for one in sheet.rows} == set(range(2, len(changes) + 2))
    refused = {one.row for one in preflight.findings if one.severity == "error"}
    assert refused == {one.row for one in preflight.blocked}
    write_marked(sheet, marked, preflight.findings)
    notes = {cell.coordinate for line in load_workbook(marked).active for cell in line if cell.comment}  # type: ignore[union-attr]
    assert notes == {one.cell for one in preflight.findings}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_bytes_are_an_error_in_chinese_or_harmless(
    tmp_path: Path, damages: list[tuple[int, int]]
) -> None:
    whole = bytearray(_workbook([{}]))
    for millionth, byte in damages:  # a place by its share: the file's length differs with the clock
        whole[millionth * (len(whole) - 1) // 1_000_000] = byte
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(whole)
    message = "好"
    try:
        check(read(path), portals=PORTALS, today=TODAY)
    except UserError as error:
        message = str(error)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in message)
