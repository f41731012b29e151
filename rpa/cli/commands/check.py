"""``rpa check``: judge a workbook before anything is filed, without a browser."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser
from rpa.filing import CHINA, FilingKey

if TYPE_CHECKING:
    from rpa.settings.settings import Settings
    from rpa.workbook.finding import Finding
    from rpa.workbook.preflight import Preflight
    from rpa.workbook.reader import Sheet

_SHOWN = 60
"""Findings printed at most; the marked copy has them all."""
_SEVERITY = {"error": "错误", "warning": "提醒"}


def configure(parser: Parser) -> None:
    """Which workbook, and where its marked copy goes; JSON."""
    parser.add_argument("workbook", metavar="WORKBOOK.xlsx", type=Path, help="填好的工作簿")
    parser.add_argument(
        "--marked", metavar="OUT.xlsx", type=Path, help="标注副本写到哪里（默认：原文件名后加“_检查”）"
    )
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Print what is wrong and write a copy with the cells marked; the original stays as it is."""
    from rpa.cli.shared.password import password_prompt
    from rpa.settings.settings import load_settings
    from rpa.workbook.reader import read_sheet

    settings = load_settings()
    workbook: Path = arguments.workbook
    sheet = read_sheet(workbook, settings=settings.workbook, password=password_prompt(workbook))
    preflight = _judge(sheet, settings)
    marked = _write_marked(sheet, arguments.marked, preflight.findings)
    if arguments.json:
        output.document("check", _as_json(workbook, preflight, marked))
    else:
        _print(preflight, marked)
    return ExitCode.FINDINGS if preflight.findings else ExitCode.OK


def _judge(sheet: Sheet, settings: Settings) -> Preflight:
    """Judge the rows, with what the ledger knows of them and the logins that are stored here."""
    from rpa.credentials.store import Credentials
    from rpa.workbook.preflight import check

    today = datetime.now(CHINA).date()
    known, stored = partial(_filed_before, settings), Credentials(settings.home).has
    return check(sheet, portals=settings.portals, today=today, filed=known, stored=stored)


def _filed_before(settings: Settings, keys: Sequence[FilingKey]) -> Mapping[FilingKey, str]:
    """What the ledger knows as filed, or perhaps filed, in Chinese; a ledger is not made for this."""
    if not settings.database_url and not (settings.home / "ledger.db").exists():
        return {}
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.batch.filed_before import filed_before

    with open_ledger(settings) as ledger:
        return filed_before(ledger.filings, keys)


def _write_marked(sheet: Sheet, out: Path | None, findings: Sequence[Finding]) -> Path | None:
    if not findings:
        return None
    from rpa.workbook.marked import write_marked

    out = out or sheet.path.with_name(f"{sheet.path.stem}_检查.xlsx")
    return write_marked(sheet, out, findings)


def _print(preflight: Preflight, marked: Path | None) -> None:
    findings = preflight.findings
    if findings:
        rows = [(f.cell, f.header, _SEVERITY[f.severity], f.message, f.advice) for f in findings[:_SHOWN]]
        output.say(output.table(("单元格", "列", "级别", "问题", "处理办法"), rows))
        if len(findings) > _SHOWN:
            output.say(f"……其余 {len(findings) - _SHOWN} 条见标注副本")
        output.say()
    output.say(
        f"可办理 {len(preflight.filings)} 行，需更正 {len(preflight.blocked)} 行；"
        f"错误 {preflight.errors} 处，提醒 {preflight.warnings} 处"
    )
    if marked:
        output.say(f"标注副本：{marked}")


def _as_json(workbook: Path, preflight: Preflight, marked: Path | None) -> dict[str, object]:
    return {
        "workbook": str(workbook),
        "ready": len(preflight.filings),
        "blocked": len(preflight.blocked),
        "errors": preflight.errors,
        "warnings": preflight.warnings,
        "findings": [asdict(finding) for finding in preflight.findings],
        "marked": str(marked) if marked else None,
    }
