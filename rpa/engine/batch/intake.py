"""From a workbook to tasks in the ledger: read, check, enter, plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rpa.engine.batch.data import RunOptions
from rpa.evidence.bag.seal import unseal
from rpa.evidence.files import sha256_of
from rpa.evidence.keeping.vault import check_not_encrypted
from rpa.filing import CHINA
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Work
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings
from rpa.workbook.preflight import Preflight, check
from rpa.workbook.reader import Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class Intake:
    """A workbook as it was read."""

    workbook: Path
    sheet: Sheet
    sha256: str
    preflight: Preflight


def read(workbook: Path, settings: Settings, options: RunOptions) -> Intake:
    """Read and check a workbook; it is never changed.

    Raises:
        UserError: it cannot be read.
    """
    today = options.today or datetime.now(CHINA).date()
    sheet = read_sheet(workbook, settings=settings.workbook, password=options.password)
    digest = sha256_of(workbook)
    return Intake(workbook, sheet, digest, check(sheet, portals=settings.portals, today=today))


def enter(intake: Intake, ledger: Ledger, settings: Settings, options: RunOptions) -> Batch:
    """Enter every row that may be filed and plan it; the batch is then worked on by any worker.

    Entering the same workbook again goes on where it stopped: what is filed stays filed. Who did it is
    noted.
    """
    batch = ledger.batches.open(
        name=intake.workbook.stem, workbook=intake.workbook, workbook_sha256=intake.sha256
    )
    ledger.filings.enrol(batch.id, intake.preflight.filings)
    blocked = [one.row for one in intake.preflight.blocked]
    batch = ledger.batches.start(batch.id, until=options.until, approve=options.approve, blocked=blocked)
    check_not_encrypted(settings.evidence_root, batch.id)
    unseal(settings.evidence_root / batch.id)
    planned = ledger.plans.make(batch.id, Work.FILE)
    ledger.actions.note(options.who or settings.person, f"登记批次，待办理 {planned} 户", batch_id=batch.id)
    return batch
