"""A workbook's findings, on the cells where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from rpa.console.context import Console
from rpa.console.endpoints import JsonObject
from rpa.console.pages.uploads import Upload
from rpa.console.pages.workbook_password import posted_password
from rpa.credentials.store import Credentials
from rpa.engine.batch.filed_before import filed_before
from rpa.filing import CHINA
from rpa.workbook.columns import INPUT_KEYS
from rpa.workbook.finding import Finding
from rpa.workbook.marked import write_marked
from rpa.workbook.preflight import Preflight, check
from rpa.workbook.reader import Row, Sheet, read_sheet
from rpa.workbook.sheetxml import column_letters, column_of

SHOWN = 50
"""Rows shown at most: the page stays quick; the marked copy has them all."""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of the sheet."""

    number: int
    key: str
    header: str
    found: bool
    """Whether one of the rows shown has a finding in it."""

    @property
    def letters(self) -> str:
        """As Excel calls it."""
        return column_letters(self.number)


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell, and what is wrong with it."""

    text: str
    findings: Sequence[Finding]
    found: bool
    """Whether its column has a finding in some row."""

    @property
    def tone(self) -> str:
        """``bad`` for an error, ``warn`` for a warning."""
        if not self.findings:
            return ""
        return "bad" if any(one.severity == "error" for one in self.findings) else "warn"


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A workbook as it was read and judged."""

    sheet: Sheet
    preflight: Preflight
    filed: int
    """Rows that were filed before, and will not be filed again."""

    @property
    def general(self) -> Sequence[Finding]:
        """What concerns the sheet as a whole."""
        return [one for one in self.preflight.findings if one.row == self.sheet.header_row]

    @property
    def rows_with_findings(self) -> Sequence[Row]:
        """The rows with findings: those that cannot be filed first."""
        worst: dict[int, bool] = {}
        for one in self.preflight.findings:
            worst[one.row] = worst.get(one.row, False) or one.severity == "error"
        rows = [row for row in self.sheet.rows if row.number in worst]
        return sorted(rows, key=lambda row: (not worst[row.number], row.number))

    @property
    def materials(self) -> bool:
        """Whether files beside the workbook were looked for: a dropped one has none beside it."""
        return any(one.header == self.sheet.headers.get("materials") for one in self.preflight.findings)

    def table(self) -> tuple[Sequence[ShownColumn], Sequence[tuple[int, Sequence[ShownCell]]]]:
        """The columns, and the first rows with findings as (number, cells)."""
        places: defaultdict[tuple[int, int], list[Finding]] = defaultdict(list)
        for one in self.preflight.findings:
            places[one.row, column_of(one.cell)].append(one)
        rows = self.rows_with_findings[:SHOWN]
        numbers = {row.number for row in rows}
        hit = {column for number, column in places if number in numbers}
        ours = sorted((number, key) for key, number in self.sheet.columns.items() if key in INPUT_KEYS)
        columns = [ShownColumn(number, key, self.sheet.headers[key], number in hit) for number, key in ours]
        return columns, [
            (
                row.number,
                [
                    ShownCell(row.text(one.key), places.get((row.number, one.number), ()), one.found)
                    for one in columns
                ],
            )
            for row in rows
        ]


def check_upload(console: Console, upload: Upload, posted: JsonObject) -> CheckedUpload:
    """Read and judge a workbook, and write its marked copy where something was found.

    Raises:
        PasswordWantedError: it is encrypted and ``posted`` has no password.
        UserError: it cannot be read.
    """
    settings, filings = console.settings, console.ledger.filings
    sheet = read_sheet(upload.path, settings=settings.workbook, password=posted_password(posted))
    preflight = check(
        sheet,
        portals=settings.portals,
        today=datetime.now(CHINA).date(),
        filed=partial(filed_before, filings),
        stored=Credentials(settings.home).has,
    )
    if preflight.findings:
        write_marked(sheet, upload.marked, preflight.findings)
    filed = len(filed_before(filings, [one.key for one in preflight.filings]))
    return CheckedUpload(sheet, preflight, filed)
