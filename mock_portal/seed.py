"""Employers from a JSON file, or from the very workbook that a batch files."""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mock_portal.provinces import province, provinces
from mock_portal.records import Employer, EmployerState

HEADERS = {
    "name": ("单位名称", "企业名称"),
    "code": ("统一社会信用代码", "信用代码"),
    "unit_number": ("单位编号", "单位编号/单位管理码", "单位管理码"),
    "area": ("地市/统筹区", "地市", "统筹区"),
    "account_name": ("户名", "银行户名"),
    "bank": ("开户银行", "开户行"),
    "account": ("银行账号", "账号"),
    "portal": ("平台", "省份"),
    "login": ("登录方式", "登陆方式"),
    "login_name": ("登录账号", "登陆账号"),
    "handler": ("经办人", "经办人姓名"),
}
"""Field of an employer, or what its login is made from → the headers that mean it."""
_HEADER_ROWS = 5
"""The header stands within this many rows: the first ones may be titles."""


def load(path: Path, portal: str = "") -> tuple[Employer, ...]:
    """The employers of a ``.json`` file (a list of objects) or of a workbook's rows.

    A workbook also says how they log in: a handler is bound to every unit that names its account under
    登录账号 or 经办人, and a unit that logs in by itself has the account that 登录账号 names.

    Args:
        path: the file.
        portal: only this portal's (by its key), by the workbook's column 平台; others do not
            know them then. Without it: everybody's.

    Raises:
        ValueError: the file holds no employers that can be read.
        OSError: it cannot be opened.
    """
    if path.suffix.lower() == ".json":
        every = tuple(employer_from(each) for each in json.loads(path.read_text(encoding="utf-8-sig")))
    else:
        every = _from_workbook(path)
    if not portal:
        return every
    return tuple(replace(each, portal=portal) for each in every if each.portal in ("", portal))


def employer_from(fields: Mapping[str, Any]) -> Employer:
    """An employer from its fields as JSON has them; only ``name`` and ``code`` are needed.

    Raises:
        ValueError: a field is missing or unknown.
    """
    values = {key: value for key, value in fields.items() if value not in (None, "")}
    if "state" in values:
        values["state"] = EmployerState(values["state"])
    if "filed_at" in values:
        values["filed_at"] = datetime.fromisoformat(values["filed_at"])
    if "handlers" in values:
        values["handlers"] = tuple(values["handlers"])
    try:
        values["code"] = _folded(values["code"]).upper()
        values.setdefault("unit_number", unit_number(values["code"], values.get("portal", "")))
        return Employer(**values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not an employer ({error}): {dict(fields)}") from error


def unit_number(code: str, portal: str = "") -> str:
    """A 单位编号 for an employer whose row has none: 12 digits, starting as its portal's do."""
    prefix = province(portal if portal in provinces() else "").unit_numbers
    return f"{prefix}{zlib.crc32(code.encode()):010d}"


def _from_workbook(path: Path) -> tuple[Employer, ...]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and only workbooks need it

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = list(sheet.iter_rows(values_only=True))
            for index, row in enumerate(rows[:_HEADER_ROWS]):
                columns = _columns(row)
                if {"name", "code"} <= columns.keys():
                    return tuple(_from_rows(rows[index + 1 :], columns))
    finally:
        book.close()
    raise ValueError(f"no sheet of {path} has the columns 单位名称 and 统一社会信用代码")


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Field → column for a row of headers."""
    found: dict[str, int] = {}
    for column, cell in enumerate(row):
        text = _folded(cell).strip("*:：")
        for name, headers in HEADERS.items():
            if text in headers:
                found.setdefault(name, column)
    return found


def _from_rows(rows: Iterable[Sequence[Any]], columns: Mapping[str, int]) -> Iterable[Employer]:
    for row in rows:
        fields = {name: _as_text(row[column]) for name, column in columns.items() if column < len(row)}
        if fields.get("name") and fields.get("code"):
            yield employer_from(_with_login(fields))


def _with_login(fields: Mapping[str, str]) -> dict[str, Any]:
    """A row's fields with its logins as the mock keeps them: handlers, and the unit's own account."""
    known = {name: value for name, value in fields.items() if name not in ("login", "login_name", "handler")}
    login, name, handler = (fields.get(key, "") for key in ("login", "login_name", "handler"))
    shared = not login or "个人" in login
    return {
        **known,
        "portal": _portal(fields.get("portal", "")),
        "handlers": tuple(dict.fromkeys(each for each in (name, handler) if each)),
        "username": "" if shared else name,
    }


def _portal(named: str) -> str:
    """The portal that a cell of 平台 names, empty for one that the mock does not have."""
    folded = _folded(named).lower()
    return next((key for key, its in provinces().items() if folded.startswith((key, its.name))), "")


def _as_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _folded(cell: Any) -> str:
    """Text with full-width letters and digits made plain, and without any space."""
    text = unicodedata.normalize("NFKC", _as_text(cell))
    return "".join(character for character in text if not character.isspace() and character.isprintable())
