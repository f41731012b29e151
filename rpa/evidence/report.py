"""The batch's report: one self-contained Chinese page, verdicts first, then each employer's timeline.

Pictures are not in the page; they stand beside it and load when they come into view. The page is
rebuilt as filings end: only the employers whose state or trail changed are rendered again.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

import rpa
from rpa.evidence.files import AUDIT, REPORT, anchor, china_now, folder_name, write_atomically
from rpa.evidence.recorder import EQUAL, told
from rpa.evidence.timeline import Timeline, record_of
from rpa.filing import CHINA, Filing, Outcome, Verdict
from rpa.privacy import redact

TONES = {
    Verdict.SUBMITTED: "good",
    Verdict.ALREADY_FILED: "good",
    Verdict.REHEARSED: "calm",
    Verdict.REFUSED: "bad",
    Verdict.NEEDS_PERSON: "warn",
    Verdict.UNCONFIRMED: "warn",
    Verdict.UNAVAILABLE: "wait",
    Verdict.PORTAL_CHANGED: "bad",
    Verdict.CANCELLED: "calm",
}
"""The name of each verdict's colour."""
_ORDER = ("bad", "warn", "wait", "open", "calm", "good")
"""What a person must do something about comes first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the workbook as the report shows it; :meth:`of` makes it from a filing."""

    row: int
    employer: str
    code: str
    portal: str
    """平台 as the workbook writes it."""
    outcome: Outcome | None = None
    """None while it is not finished."""
    attempts: int = 0
    city: str = ""
    item: str = ""
    year: int | None = None
    folder: str = ""
    """Name of its evidence folder; empty for a row that never became a filing."""
    place: str = ""
    """Anchor in the page; empty stands for one made from the row's number."""

    @classmethod
    def of(cls, filing: Filing, *, portal: str, outcome: Outcome | None = None, attempts: int = 0) -> Entry:
        """The entry of a filing."""
        return cls(
            row=filing.row,
            employer=filing.employer.name,
            code=filing.employer.code,
            portal=portal,
            outcome=outcome,
            attempts=attempts,
            city=filing.city,
            item=filing.item,
            year=filing.year,
            folder=folder_name(filing),
            place=anchor(filing),
        )

    @property
    def tone(self) -> str:
        """The colour's name in the page."""
        return TONES[self.outcome.verdict] if self.outcome else "open"

    @property
    def word(self) -> str:
        """办理结论."""
        return self.outcome.verdict.chinese if self.outcome else ("办理中" if self.attempts else "未办理")


class Report:
    """The page of one batch.

    Args:
        folder: the batch's evidence folder.
        batch_id: as people call it.
        name: the workbook's name.
        operator: 经办人.
        notice: shown on top, such as "本批次在模拟平台上试办"; may be empty.
    """

    def __init__(self, folder: Path, *, batch_id: str, name: str, operator: str, notice: str = "") -> None:
        self._folder = folder
        self._facts = {"batch_id": batch_id, "name": name, "operator": operator, "notice": notice}
        self._sections: dict[int, tuple[Entry, int, str]] = {}

    def write(self, entries: Sequence[Entry]) -> Path:
        """Write the page anew; returns its path."""
        ordered = sorted(entries, key=lambda one: (_ORDER.index(one.tone), one.row))
        done = sum(one.tone == "good" for one in entries)
        page = _template("report.html.j2").render(
            **self._facts,
            entries=[_row(one) for one in ordered],
            counts=_counts(ordered),
            done=done,
            to_do=sum(one.tone in ("bad", "warn", "wait") for one in entries),
            aside=sum(one.tone == "calm" for one in entries),
            open=sum(one.tone == "open" for one in entries),
            version=rpa.__version__,
            made_at=f"{china_now():%Y-%m-%d %H:%M:%S}",
            sections=[self._section(one) for one in ordered],
        )
        path = self._folder / REPORT
        write_atomically(path, page.encode())
        return path

    def _section(self, entry: Entry) -> str:
        trail = self._folder / entry.folder / AUDIT
        size = trail.stat().st_size if entry.folder and trail.exists() else 0
        known = self._sections.get(entry.row)
        if known and known[:2] == (entry, size):
            return known[2]
        timeline = Timeline.of(trail.parent) if size else Timeline(())
        html = _template("employer.html.j2").render(
            entry=_row(entry),
            record=record_of(entry.outcome),
            compared=timeline.compared,
            equal=EQUAL,
            pictures=[(quote(f"{entry.folder}/{shot.file}"), shot) for shot in timeline.shots],
            files=[(quote(f"{entry.folder}/{name}"), what) for name, what in timeline.files],
            lines=list(timeline.told),
            warning=timeline.warning,
        )
        self._sections[entry.row] = (entry, size, html)
        return html


@cache
def content_security_policy() -> str:
    """What a server that serves the page says with it: its own style and script run, and nothing else.

    The page is self-contained, so both stand in it; they are known by their SHA-256.
    """
    style, script = (_fingerprint(tag) for tag in ("style", "script"))
    return (
        f"default-src 'none'; img-src 'self' data:; style-src {style}; script-src {script}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _fingerprint(tag: str) -> str:
    page = (Path(__file__).parent / "pages" / "report.html.j2").read_text(encoding="utf-8")
    _, _, behind = page.partition(f"<{tag}>")
    block, _, _ = behind.partition(f"</{tag}>")
    return f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'"


@cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "pages")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def _row(entry: Entry) -> dict[str, Any]:
    outcome = entry.outcome
    record = outcome.record if outcome else None
    return {
        "anchor": entry.place or f"r-{entry.row}",
        "row": entry.row,
        "name": entry.employer or "（未填单位名称）",
        "code": entry.code,
        "where": f"{entry.portal} {entry.city}".strip(),
        "what": f"{entry.item} {entry.year or ''}".strip(),
        "tone": entry.tone,
        "word": entry.word,
        "explanation": told(outcome) if outcome else "",
        "next": redact(outcome.next_step) if outcome else "",
        "serial": record.serial if record else "",
        "status": " / ".join(filter(None, (record.acceptance, record.handling))) if record else "",
        "submitted": _moment(outcome.submitted_at) if outcome else "",
        "attempts": entry.attempts,
    }


def _counts(entries: Sequence[Entry]) -> list[tuple[str, str, int]]:
    counted = Counter((one.tone, one.word) for one in entries)
    return [(tone, word, number) for (tone, word), number in counted.items()]


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if moment else ""
