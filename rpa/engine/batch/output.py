"""What a run leaves behind, kept up to date as filings end: result workbook and report."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from loguru import logger

from rpa.evidence import report
from rpa.evidence.bag.seal import adopt, rewrite
from rpa.evidence.files import REPORT, RESULTS, anchor, payload
from rpa.evidence.keeping.vault import check_not_encrypted
from rpa.filing import EndedRow, Filing, RowStatus
from rpa.ledger.data.batches import Batch
from rpa.settings.settings import Settings
from rpa.workbook.reader import Sheet
from rpa.workbook.results import ResultBook


class Output:
    """The result workbook beside the original, and the report in the evidence folder.

    Args:
        batch: whose output it is.
        sheet: as the batch was read.
        settings: for the pace of rewriting, and the operator's name.
    """

    def __init__(self, batch: Batch, sheet: Sheet, settings: Settings) -> None:
        self._evidence = settings.evidence_root / batch.id
        self._pause = settings.workbook.rewrite_seconds
        self._book = ResultBook(
            sheet,
            batch.name,
            sheet.path.parent,
            started=datetime.now(UTC),
            rewrite_seconds=settings.workbook.rewrite_seconds,
        )
        self._report = report.Report(
            self._evidence, batch_id=batch.id, name=batch.name, operator=settings.person
        )
        self._rows: dict[int, RowStatus] = {}
        check_not_encrypted(settings.evidence_root, batch.id)
        adopt(self._evidence)
        self._writing = asyncio.Lock()
        self._due = 0.0

    @property
    def results(self) -> Path:
        """The result workbook."""
        return self._book.path

    def show(self, filing: Filing, portal: str) -> None:
        """Let the report name a filing that has not ended."""
        self._rows[filing.row] = RowStatus.of(filing, portal=portal)

    def ended(self, row: EndedRow) -> None:
        """Take up how a row ended; it is on disk after the next :meth:`refresh`."""
        self._rows[row.row] = row
        link = f"{self._relative_report()}#{anchor(row.filing)}" if row.filing else ""
        self._book.update(row, picture=link)

    async def refresh(self, *, force: bool = False) -> None:
        """Write what changed, not more often than configured."""
        if self._writing.locked() and not force:
            return
        async with self._writing:
            if force or time.monotonic() >= self._due:
                await asyncio.to_thread(self._write, force)
                self._due = time.monotonic() + self._pause

    async def finish(self) -> None:
        """Write everything, and put a copy of the results into the evidence."""
        await self.refresh(force=True)
        await asyncio.to_thread(lambda: rewrite(self._evidence, RESULTS, self._book.for_evidence(REPORT)))

    def _write(self, force: bool) -> None:  # noqa: FBT001 - to_thread passes it by place
        moved = self._book.moved
        self._book.write(force=force)
        if self._book.moved and not moved:
            logger.warning("结果工作簿正被打开，改写到：{}", self._book.path)
        self._report.write(tuple(self._rows.values()))

    def _relative_report(self) -> str:
        """The report as the result workbook links to it: relative where both are on one drive."""
        page = payload(self._evidence) / REPORT
        try:
            return quote(Path(os.path.relpath(page, self._book.path.parent)).as_posix())
        except ValueError:
            return page.as_uri()
