"""The whole batch judged before any browser starts: findings, filings, and the rows that a person gets.

Every row that holds anything ends in ``filings`` or in ``blocked``: none is skipped in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rpa.filing import Filing, FilingKey
from rpa.settings.portal import PortalSettings
from rpa.workbook.columns import BY_KEY, COLUMNS
from rpa.workbook.finding import Finding, Judged
from rpa.workbook.judge import judge
from rpa.workbook.logins import Known, compare_logins
from rpa.workbook.reader import Sheet
from rpa.workbook.sheetxml import coordinate

_CODE = BY_KEY["code"].header

Filed = Callable[[Sequence[FilingKey]], Mapping[FilingKey, str]]
"""Tells (in Chinese) of which of these filings the ledger knows how they ended."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A row that cannot be filed: it goes to a person."""

    row: int
    name: str
    code: str
    portal: str
    """平台 as the row writes it."""
    findings: tuple[Finding, ...]
    """Its errors, in the order of the columns."""

    @property
    def explanation(self) -> str:
        """Its errors in one Chinese sentence, for the results."""
        return "；".join(f"{finding.cell} {finding.message}" for finding in self.findings)

    @property
    def advice(self) -> str:
        """What to do about them, each once."""
        return "；".join(dict.fromkeys(finding.advice for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Preflight:
    """What the check found."""

    findings: tuple[Finding, ...]
    """Sorted by row, then by column."""
    filings: tuple[Filing, ...]
    """Rows without an error, in the sheet's order."""
    blocked: tuple[Blocked, ...]
    """Rows with an error, in the sheet's order."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors


def check(
    sheet: Sheet,
    *,
    portals: Mapping[str, PortalSettings],
    today: date,
    filed: Filed | None = None,
    stored: Known | None = None,
) -> Preflight:
    """Judge every row, alone and against the others.

    Args:
        sheet: as read.
        portals: the portals known, by key.
        today: the day that authorisations must reach.
        filed: what the ledger knows; asked once, for all rows.
        stored: whether a login is stored here; asked once for each login that the rows name.
    """
    folder = sheet.path.parent
    judged = [judge(row, sheet.headers, portals, folder, today) for row in sheet.rows]
    _compare_rows(judged)
    if filed is not None:
        _compare_ledger(judged, filed)
    if stored is not None:
        compare_logins(judged, portals, stored, sheet.headers.get("login_name", ""))
    missing = _missing_columns(sheet, judged)
    of_rows = (finding for one in judged for finding in one.findings)
    return Preflight(
        findings=(*missing.values(), *_about_the_sheet(sheet), *of_rows),
        filings=tuple(one.filing for one in judged if one.filing and not one.refused),
        blocked=tuple(_blocked(one, missing) for one in judged if one.refused or not one.filing),
    )


def _blocked(judged: Judged, missing: Mapping[str, Finding]) -> Blocked:
    row = judged.row
    lacking = (finding for key, finding in missing.items() if key in judged.lacks)
    errors = (finding for finding in judged.findings if finding.severity == "error")
    found = (*lacking, *errors)
    return Blocked(row.number, row.text("name"), row.text("code"), row.text("portal"), found)


def _missing_columns(sheet: Sheet, judged: Sequence[Judged]) -> dict[str, Finding]:
    """Column key → what is said of a column that the sheet lacks and a row, or every row, needs."""
    at, place = sheet.header_row, f"A{sheet.header_row}"
    needed = {key for one in judged for key in one.lacks}
    if not judged:
        needed = {column.key for column in COLUMNS if column.required} - sheet.columns.keys()
    found = {}
    for key in (key for key in BY_KEY if key in needed):
        header = BY_KEY[key].header
        advice = f"请在表头增加“{header}”；列名不同的话，在设置 workbook.aliases 中登记"
        found[key] = Finding(at, place, header, "error", f"表中没有“{header}”这一列", advice)
    return found


def _about_the_sheet(sheet: Sheet) -> list[Finding]:
    """What is wrong with the sheet as a whole, placed at its header row."""
    at, place = sheet.header_row, f"A{sheet.header_row}"
    found = []
    for number, header in sheet.passwords:
        message = f"“{header}”像是密码，这一列没有读取：不要把密码写在表格里"
        advice = "请删除这一列；密码用 rpa secrets set 保存在办理的电脑上"
        found.append(Finding(at, coordinate(at, number), header, "warning", message, advice))
    for number, header in sheet.doubled:
        message = f"“{header}”与另一列意思相同，这一列没有读取"
        found.append(Finding(at, coordinate(at, number), header, "warning", message, "请只保留一列"))
    for name in sheet.others:
        message = f"工作表“{name}”里也有数据，本次只办理工作表“{sheet.name}”"
        found.append(
            Finding(at, place, "", "warning", message, "要办理的数据请合并到一张工作表，或另存为单独的文件")
        )
    if not sheet.rows:
        found.append(Finding(at, place, "", "error", f"工作表“{sheet.name}”表头下面没有数据", "请填写后再试"))
    return found


def _compare_rows(judged: list[Judged]) -> None:
    """Refuse doubles: equal rows are filed once; of rows that differ nobody knows which is right."""
    groups: defaultdict[FilingKey, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.key is not None:
            groups[one.key].append(one)
    for group in groups.values():
        if len(group) > 1:
            _refuse_doubles(group)


def _refuse_doubles(group: list[Judged]) -> None:
    first = group[0]
    numbers = "、".join(str(one.row.number) for one in group)
    same = first.filing is not None and all(
        one.filing is not None and one.filing.employer == first.filing.employer for one in group
    )
    for one in group[1:] if same else group:
        if same:
            message = f"与第 {first.row.number} 行重复，只办理第 {first.row.number} 行"
            advice = "请删除这一行"
        else:
            message = f"第 {numbers} 行是同一单位的同一事项和年度，但内容不同或有错误"
            advice = "请核对，只保留正确的一行"
        one.find("code", _CODE, message, advice)


def _compare_ledger(judged: list[Judged], filed: Filed) -> None:
    """Say what was filed before; the engine looks it up and never files it again."""
    known = filed([one.key for one in judged if one.key is not None])
    for one in judged:
        told = known.get(one.key) if one.key is not None else None
        if told:
            one.find("code", _CODE, told, "无需处理：程序不会重复提交", "warning")
