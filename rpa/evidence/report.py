"""The batch's report: one self-contained Chinese page, verdicts first, then each employer's timeline.

Pictures are not in the page; they stand beside it and load when they come into view. The page is
rebuilt as filings end: only the employers whose state or trail changed are rendered again.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

import rpa
from rpa.evidence.bag.seal import rewrite
from rpa.evidence.files import AUDIT, REPORT, anchor, china_now, folder_of, payload
from rpa.evidence.recorder import EQUAL, told
from rpa.evidence.story import story
from rpa.evidence.timeline import Timeline, record_of
from rpa.filing import CHINA, RowStatus
from rpa.privacy.masks import redact

_ORDER = ("bad", "warn", "wait", "open", "calm", "good")
"""What a person must do something about comes first."""
_MADE_AT = "〔生成时间〕"
"""Stands in a page for the moment at which it is written."""
_UNSAFE = re.compile(r"[^\w.~-]")
_PAGES = Path(__file__).parent / "pages"


class Report:
    """The page of one batch.

    Args:
        bag: the batch's bag.
        batch_id: as people call it.
        name: the workbook's name.
        operator: 经办人.
        notice: shown on top, such as "本批次在模拟平台上试办"; may be empty.
    """

    def __init__(self, bag: Path, *, batch_id: str, name: str, operator: str, notice: str = "") -> None:
        self._bag = bag
        self._folder = payload(bag)
        self._facts = {"batch_id": batch_id, "name": name, "operator": operator, "notice": notice}
        self._sections: dict[int, tuple[RowStatus, int, str]] = {}

    def write(self, rows: Sequence[RowStatus]) -> Path:
        """Write the page anew; returns its path. One that would say the same stays, and so the seal."""
        ordered = sorted(rows, key=lambda one: (_ORDER.index(one.tone), one.row))
        before, after = self._page(ordered).split(_MADE_AT)
        path = self._folder / REPORT
        if not _says(path, before, after):
            rewrite(self._bag, REPORT, f"{before}{china_now():%Y-%m-%d %H:%M:%S}{after}".encode())
        return path

    def _page(self, ordered: Sequence[RowStatus]) -> str:
        tones = Counter(one.tone for one in ordered)
        return _template("report.html.j2").render(
            **self._facts,
            entries=[_row(one) for one in ordered],
            counts=_counts(ordered),
            done=tones["good"],
            to_do=tones["bad"] + tones["warn"] + tones["wait"],
            aside=tones["calm"],
            open=tones["open"],
            version=rpa.__version__,
            made_at=_MADE_AT,
            sections=[self._section(one) for one in ordered],
            style=_text("report.css"),
            script=_text("report.js"),
        )

    def _section(self, entry: RowStatus) -> str:
        folder = folder_of(entry)
        trail = self._folder / folder / AUDIT
        size = trail.stat().st_size if folder and trail.exists() else 0
        known = self._sections.get(entry.row)
        if known and known[:2] == (entry, size):
            return known[2]
        timeline = Timeline.of(trail.parent) if size else Timeline(())
        html = _template("employer.html.j2").render(
            entry=_row(entry),
            record=record_of(entry.outcome),
            compared=timeline.compared,
            equal=EQUAL,
            story=story(timeline.lines),
            lines=list(timeline.told),
            warning=timeline.warning,
            trail=AUDIT,
            address=lambda name: f"{_address(folder)}/{_address(name)}",
        )
        self._sections[entry.row] = (entry, size, html)
        return html


def _says(path: Path, before: str, after: str) -> bool:
    """Whether a page says all this already, whenever it was made."""
    try:
        page = path.read_bytes()
    except FileNotFoundError:
        return False
    head, tail = before.encode(), after.encode()
    moment = len("2026-11-22 09:30:00")
    return len(page) == len(head) + moment + len(tail) and page.startswith(head) and page.endswith(tail)


@cache
def content_security_policy() -> str:
    """What a server that serves the page says with it: its own style and script run, and nothing else.

    The page is self-contained, so both stand in it; they are known by their SHA-256.
    """
    style, script = (_fingerprint(name) for name in ("report.css", "report.js"))
    return (
        f"default-src 'none'; img-src 'self' data:; style-src {style}; script-src {script}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _fingerprint(name: str) -> str:
    return f"'sha256-{b64encode(sha256(_text(name).encode()).digest()).decode()}'"


@cache
def _text(name: str) -> str:
    return (_PAGES / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_PAGES)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def _address(name: str) -> str:
    """A name in a link: Chinese stays as it is, which takes a third of the room."""
    return _UNSAFE.sub(lambda found: quote(found.group(), safe=""), name)


def _row(entry: RowStatus) -> dict[str, Any]:
    outcome, record, filing = entry.outcome, entry.record, entry.filing
    return {
        "anchor": anchor(filing) if filing else f"r-{entry.row}",
        "row": entry.row,
        "name": entry.employer or "（未填单位名称）",
        "code": entry.code,
        "where": f"{entry.portal} {filing.city if filing else ''}".strip(),
        "what": f"{filing.item} {filing.year}" if filing else "",
        "tone": entry.tone,
        "word": entry.word,
        "explanation": told(outcome) if outcome else "",
        "next": redact(outcome.next_step) if outcome else "",
        "serial": record.serial if record else "",
        "status": " / ".join(filter(None, (record.acceptance, record.handling))) if record else "",
        "submitted": _moment(outcome.submitted_at) if outcome else "",
        "attempts": entry.attempts,
    }


def _counts(rows: Sequence[RowStatus]) -> list[tuple[str, str, int]]:
    counted = Counter((one.tone, one.word) for one in rows)
    return [(tone, word, number) for (tone, word), number in counted.items()]


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if moment else ""
