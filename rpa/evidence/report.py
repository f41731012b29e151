"""The batch's report: one self-contained Chinese page, verdicts first, then each employer's timeline.

Pictures are not in the page; they stand beside it and load when they come into view. The page is
rebuilt as filings end: only the employers whose state or trail changed are rendered again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

import rpa
from rpa.evidence.audit import ChainBrokenError, Line, read_lines
from rpa.evidence.files import AUDIT, REPORT, anchor, china_now, folder_name, write_atomically
from rpa.evidence.recorder import EQUAL, told
from rpa.filing import CHINA, Filing, Outcome, Verdict
from rpa.privacy import redact

_TONE = {
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
_ORDER = ("bad", "warn", "wait", "open", "calm", "good")
"""What a person must do something about comes first."""

_FACTS = {
    "step": "步骤",
    "what": "内容",
    "kind": "待办",
    "who": "答复人",
    "answered_at": "答复时间",
    "explanation": "说明",
    "advice": "下一步",
    "message": "情况",
    "reason": "原因",
    "sent": "发出次数",
    "unanswered": "未答复次数",
    "results": "核对结果",
    "record": "平台记录",
    "submitted_at": "提交时间",
    "attempt": "第几次尝试",
    "worker": "办理程序",
    "employer": "单位",
    "code": "统一社会信用代码",
    "portal": "平台",
    "edition": "版本",
    "item": "事项",
    "year": "年度",
    "operator": "经办人",
    "title": "页面标题",
    "address": "网址",
    "taken_at": "截图时间",
    "file": "文件",
    "size": "字节",
    "row": "表格行",
    "row_hash": "表格行校验值",
    "sha256": "校验值",
    "verdict": "结论代码",
    "version": "程序版本",
}
"""Facts that the report shows under a Chinese name; others are shown under their own."""

_RECORD = {
    "item": "事项名称",
    "subject": "主体名称",
    "serial": "受理流水号",
    "accepted_at": "受理时间",
    "acceptance": "受理状态",
    "handling": "办理状态",
    "agency": "受理经办机构",
    "area": "受理统筹区",
}


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
        return _TONE[self.outcome.verdict] if self.outcome else "open"

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
        lines, warning = _read(trail) if size else ([], "")
        html = _template("employer.html.j2").render(
            entry=_row(entry),
            record=_record(entry.outcome),
            compared=_compared(lines),
            equal=EQUAL,
            pictures=list(_pictures(entry.folder, lines)),
            files=list(_kept(entry.folder, lines)),
            lines=[(_clock(line.time), line.event, list(_shown(line.facts))) for line in lines],
            warning=warning,
        )
        self._sections[entry.row] = (entry, size, html)
        return html


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


def _record(outcome: Outcome | None) -> list[tuple[str, str]]:
    if outcome is None or outcome.record is None:
        return []
    told = ((label, getattr(outcome.record, name)) for name, label in _RECORD.items())
    return [(label, value) for label, value in told if value]


def _read(trail: Path) -> tuple[list[Line], str]:
    lines: list[Line] = []
    try:
        lines.extend(read_lines(trail.read_bytes()))
    except ChainBrokenError as error:
        return lines, f"记录文件不完整：{error}。以下只显示此前的记录。"
    return lines, ""


def _compared(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The newest comparison."""
    results = [line.facts["results"] for line in lines if "results" in line.facts]
    return [(str(label), str(result)) for label, result in results[-1]] if results else []


def _pictures(folder: str, lines: Sequence[Line]) -> Iterator[dict[str, str]]:
    for line in lines:
        if "step" in line.facts and "file" in line.facts:
            name = str(line.facts["file"])
            yield {
                "href": quote(f"{folder}/{name}"),
                "number": name.partition("_")[0],
                "step": str(line.facts["step"]),
                "time": _clock(str(line.facts.get("taken_at", line.time))),
                "title": str(line.facts.get("title", "")),
            }


def _kept(folder: str, lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if "what" in line.facts and "file" in line.facts:
            yield quote(f"{folder}/{line.facts['file']}"), str(line.facts["what"])


def _shown(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Facts with their Chinese names, in the order of the table of names."""
    order = list(_FACTS)
    for name in sorted(facts, key=lambda one: order.index(one) if one in _FACTS else len(order)):
        if facts[name] not in (None, ""):
            yield _FACTS.get(name, name), _as_text(facts[name])


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{_RECORD.get(one, one)} {told}" for one, told in value.items() if told)
    if isinstance(value, list):
        return "；".join(" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
    return str(value)


def _clock(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone(CHINA):%H:%M:%S}"


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if moment else ""
