"""Rows, batches and processes for the ledger's tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from rpa.filing import Employer, Filing, Outcome, Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Task, Ticket, Work
from rpa.ledger.ledger import Ledger

SHA = "0" * 64
SUBMITTED = Outcome(Verdict.SUBMITTED, "在办理进度查询中查到")
UNAVAILABLE = Outcome(Verdict.UNAVAILABLE, "平台维护中")


def employer(number: int) -> Employer:
    body = f"91410100MA{number:07d}"
    return Employer(name=f"试验企业{number}有限公司", code=body + uscc.calc_check_digit(body))


def filing(number: int = 1, **changes: Any) -> Filing:
    plain = Filing("henan", "南阳", "2024", "稳岗返还", 2024, employer(number), row=number + 1, row_hash=SHA)
    return replace(plain, **changes)


def shared(number: int, login: str, **changes: Any) -> Filing:
    """A filing whose employer logs in by a stored login, which others may name too."""
    plain = filing(number, **changes)
    return replace(plain, employer=replace(plain.employer, login_name=login))


def open_batch(ledger: Ledger, folder: Path, *, name: str = "批次.xlsx", sha256: str = SHA) -> Batch:
    return ledger.batches.open(name=name, workbook=folder / name, workbook_sha256=sha256)


def planned(
    ledger: Ledger, batch: Batch, count: int = 1, work: Work = Work.FILE, **changes: Any
) -> Sequence[Ticket]:
    """The tickets of a batch's first rows, due now."""
    ledger.filings.enrol(batch.id, [filing(number, **changes) for number in range(1, count + 1)])
    ledger.plans.make(batch.id, work)
    return ledger.ready_tasks.find("henan", count)


def planned_rows(ledger: Ledger, batch: Batch, rows: Sequence[Filing]) -> Sequence[Ticket]:
    """What is due of these rows."""
    ledger.filings.enrol(batch.id, rows)
    ledger.plans.make(batch.id, Work.FILE)
    return ledger.ready_tasks.find("henan", len(rows))


def claimed(ledger: Ledger, ticket: Ticket, worker: str = "甲机") -> Task:
    """A task that is now this worker's."""
    task = ledger.tasks.claim(ticket, worker, alive={worker})
    assert task is not None
    return task


def filed(ledger: Ledger, ticket: Ticket, outcome: Outcome = SUBMITTED, worker: str = "甲机") -> Task:
    """A task that was done from claim to end, with its intent where it was submitted."""
    task = claimed(ledger, ticket, worker)
    attempt = ledger.filings.begin_attempt(task.filing_id, worker, ticket=ticket)
    if outcome.verdict in (Verdict.SUBMITTED, Verdict.UNCONFIRMED):
        assert ledger.intents.win(task.filing_id, attempt, batch_id=task.batch_id)
    assert ledger.tasks.end(ticket, worker, attempt, outcome)
    return task


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process; it runs a script that is given these arguments."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def race(script: str, *arguments: object, names: Sequence[str] = ("甲机", "乙机")) -> list[list[str]]:
    """What processes printed that all began when each had said that it is ready."""
    racers = [start(script, *arguments, name) for name in names]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    printed = [racer.communicate(timeout=120)[0].split() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * len(racers)
    return printed
