from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.check_rows import measure
from rpa.workbook.columns import COLUMNS
from rpa.workbook.preflight import check
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.workbook.conftest import PORTALS, TODAY, YEAR, read, rebuilt

ROWS = 50_000
REQUIRED = [column for column in COLUMNS if column.required]


def _cells(texts: list[str]) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


@pytest.mark.thorough
def test_fifty_thousand_rows(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "大.xlsx", sample_rows(1, YEAR))
    lines = [[column.header for column in REQUIRED]]
    lines += [[str(row[column.key]) for column in REQUIRED] for row in sample_rows(ROWS, YEAR)]
    rows = "".join(f"<row>{_cells(line)}</row>" for line in lines)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
    rebuilt(path, {"xl/worksheets/sheet1.xml": lambda _: xml.encode()})
    preflight = check(read(path), portals=PORTALS, today=TODAY)
    assert len(preflight.filings) == ROWS
    assert preflight.findings == ()


@pytest.mark.thorough
def test_memory_stays_small() -> None:
    figures = measure(1_000)
    assert figures["rows"] == figures["findings"] == figures["filings"] == 1_000
    assert figures["peak_mb"] < 200
