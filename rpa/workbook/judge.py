"""One row → one filing, or everything that is wrong with it.

Findings name the field and never hold an account or phone number: they are printed and kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from rpa.filing import Employer, Filing, filing_key
from rpa.identifiers import (
    Checked,
    account,
    beyond_excel,
    credit_code,
    phone,
    registered_in,
    unit_number,
    visible,
)
from rpa.settings import PortalSettings
from rpa.workbook.cells import date_of, year_of, yes_or_no
from rpa.workbook.columns import BY_KEY, ITEM, header_key
from rpa.workbook.reader import Cell, Row

Severity = Literal["error", "warning"]
Key = tuple[str, str, int, str]

_ADVICE = {
    "name": "请按营业执照填写全称",
    "code": "请核对营业执照后更正",
    "unit_number": "请核对社保单位编号，不清楚可以不填",
    "year": "请填写四位年度，如 2024",
    "contact": "请填写单位联系人姓名",
    "phone": "请填写一个手机号码，或带区号的固定电话",
    "account_name": "请填写银行账户的户名",
    "bank": "请填写开户行全称",
    "account": "请核对开户许可证后更正：先把单元格设为“文本”，再填写完整账号",
    "authorisation": "请填写授权书编号；没有授权书的单位不能代办",
    "authorised_until": "请填写授权截止日期，如 2024-12-31",
    "purpose_accepted": "请让单位阅读《稳岗返还资金用途告知》，同意后填“是”",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or odd in the workbook."""

    row: int
    cell: str
    """As Excel shows it, e.g. ``E7``."""
    header: str
    severity: Severity
    """A row with an error is not filed; a warning only asks a person to look."""
    message: str
    """What is wrong, in Chinese."""
    advice: str
    """What to do, in Chinese."""


@dataclass(slots=True)
class Judged:
    """What became of one row."""

    row: Row
    findings: list[Finding] = field(default_factory=list)
    filing: Filing | None = None
    """There unless a finding is an error."""
    key: Key | None = None
    """What the row would file, as far as that can be told."""

    @property
    def refused(self) -> bool:
        """Whether a finding is an error."""
        return any(finding.severity == "error" for finding in self.findings)


def judge(
    row: Row, headers: Mapping[str, str], portals: Mapping[str, PortalSettings], folder: Path, today: date
) -> Judged:
    """Judge one row by itself.

    Args:
        row: as read.
        headers: column key → header as the agency wrote it.
        portals: the portals known.
        folder: where the workbook is; materials are relative to it.
        today: the day that authorisations must reach.
    """
    return _Judge(row, headers, portals, today).judge(folder)


class _Judge:
    def __init__(
        self, row: Row, headers: Mapping[str, str], portals: Mapping[str, PortalSettings], today: date
    ) -> None:
        self._row = row
        self._headers = headers
        self._portals = portals
        self._today = today
        self._result = Judged(row)
        self._sound: set[str] = set()
        """Identifiers without a problem."""

    def judge(self, folder: Path) -> Judged:
        result = self._result
        if self._repeats_header():
            first = min(self._row.columns, key=self._row.columns.__getitem__)
            self._find(first, "这一行重复了表头", "请删除这一行")
            return result
        if self._row.hidden:
            self._find(
                "name", "这一行被隐藏，但仍会办理", "不办理请删除这一行；要办理请取消隐藏或筛选", "warning"
            )
        portal = self._portal()
        item = self._item(portal)
        employer = self._employer(folder)
        year = self._year()
        if portal and "code" in self._sound:
            self._compare_region(self._portals[portal].name, employer.code)
        if portal and item and year and "code" in self._sound:
            environment = self._portals[portal].environment
            result.key = filing_key(portal, environment, item, year, employer.code)
            city = self._row.text("city")
            if not result.refused:
                edition = _edition(self._portals[portal], city)
                result.filing = Filing(
                    portal=portal,
                    city=city,
                    edition=edition,
                    item=item,
                    year=year,
                    employer=employer,
                    row=self._row.number,
                    environment=environment,
                    row_hash=self._row.digest,
                )
        return result

    def _find(self, key: str, message: str, advice: str = "", severity: Severity = "error") -> None:
        header = BY_KEY[key].header
        own = self._headers.get(key, header)
        shown = header if header_key(own) == header_key(header) else own
        advice = advice or _ADVICE.get(key, "请更正")
        cell = self._row.cell(key).coordinate if key in self._row.columns else f"A{self._row.number}"
        self._result.findings.append(Finding(self._row.number, cell, shown, severity, message, advice))

    def _cell(self, key: str) -> Cell | None:
        """The cell if it can be used; says what is wrong with it otherwise."""
        if key not in self._row.columns:
            return None  # a missing required column is one finding for the whole sheet
        cell = self._row.cell(key)
        column = BY_KEY[key]
        if cell.trouble == "uncached":
            self._find(
                key,
                f"{column.header}是公式，但没有计算结果",
                "请用 Excel 打开、保存后再试，或改为直接填写内容",
            )
        elif cell.trouble == "error":
            self._find(key, f"{column.header}是 Excel 错误值（如 #N/A）", "请修正公式，或改为直接填写内容")
        elif cell.text:
            return cell
        elif column.required:
            self._find(key, f"{column.header}没有填写")
        return None

    def _text(self, key: str) -> str:
        cell = self._cell(key)
        return cell.text if cell else ""

    def _checked(self, key: str, check: Callable[[str], Checked]) -> str:
        cell = self._cell(key)
        if cell is None:
            return ""
        header = BY_KEY[key].header
        number = isinstance(cell.value, float | int) and not isinstance(cell.value, bool)
        if number and beyond_excel(float(cell.value)):  # type: ignore[arg-type]
            advice = f"请把单元格设为“文本”，再按原件重新填写完整的{header}"
            self._find(key, f"{header}以数字存放，Excel 只保留 15 位，后面的数字已丢失", advice)
            return ""
        checked = check(cell.text)
        if checked.problem:
            self._find(key, f"{header}{checked.problem}")
            return checked.value
        self._sound.add(key)
        if checked.warning:
            self._find(key, f"{header}{checked.warning}", severity="warning")
        elif number and key == "account":
            self._find(
                key, "银行账号以数字存放，开头的 0 会丢失", "请核对账号，并把单元格设为“文本”", "warning"
            )
        return checked.value

    def _portal(self) -> str:
        text = self._text("portal")
        plain = text.removesuffix("省")
        for key, portal in self._portals.items():
            if plain in (portal.name, key):
                return key
        if text:
            known = "、".join(portal.name for portal in self._portals.values())
            self._find("portal", f"没有名为“{text}”的平台", f"请填写：{known}")
        return ""

    def _item(self, portal: str) -> str:
        text = self._text("item") or ITEM
        if not portal:
            return ""
        settings = self._portals[portal]
        names = settings.editions[_edition(settings, self._row.text("city"))].item_names
        for item, others in names.items():
            if text == item or text in others:
                return item
        self._find("item", f"{settings.name}平台没有事项“{text}”", f"请填写：{'、'.join(names)}")
        return ""

    def _employer(self, folder: Path) -> Employer:
        name = self._name()
        return Employer(
            name=name,
            code=self._checked("code", credit_code),
            unit_number=self._checked("unit_number", unit_number),
            contact=self._text("contact"),
            phone=self._checked("phone", phone),
            payment=self._text("payment") or "单位",
            account_name=self._account_name(name),
            bank=self._text("bank"),
            account=self._checked("account", account),
            dispatch=self._dispatch(),
            purpose_accepted=self._purpose(),
            authorisation=self._text("authorisation"),
            authorised_until=self._authorised_until(),
            handler=self._text("handler"),
            login=self._text("login"),
            materials=self._materials(folder),
            remark=self._row.text("remark"),
        )

    def _name(self) -> str:
        name = self._text("name")
        brackets = {mark for mark in name if mark in "()（）"}
        if brackets and brackets not in ({"(", ")"}, {"（", "）"}):
            self._find(
                "name", "单位名称中的括号全角、半角混用或不成对", "请与营业执照和平台上的名称核对", "warning"
            )
        return name

    def _account_name(self, name: str) -> str:
        text = self._text("account_name")
        if text and name and text != name:
            advice = "请核对；括号的全角、半角也要一致"
            self._find("account_name", "户名与单位名称不一致", advice, "warning")
        return text

    def _year(self) -> int:
        cell = self._cell("year")
        year = year_of(cell.value) if cell else None
        if cell and year is None:
            self._find("year", "申请年度不是四位年度")
        elif year and year > self._today.year:
            self._find("year", f"申请年度 {year} 还没有到")
        elif year and year < self._today.year:
            self._find("year", f"申请年度 {year} 不是今年", "请确认平台仍受理该年度", "warning")
        return year or 0

    def _dispatch(self) -> bool:
        cell = self._cell("dispatch")
        answer = yes_or_no(cell.value) if cell else False
        if answer is None:
            self._find("dispatch", "是否劳务派遣既不是“是”也不是“否”", "请填“是”或“否”")
        elif answer:
            self._find("dispatch", "劳务派遣单位须由人工办理", "请由经办人自行到平台或窗口办理")
        return bool(answer)

    def _purpose(self) -> bool:
        cell = self._cell("purpose_accepted")
        accepted = cell is not None and yes_or_no(cell.value) is True
        if cell and not accepted:
            self._find("purpose_accepted", "资金用途告知确认不是“是”")
        return accepted

    def _authorised_until(self) -> date | None:
        cell = self._cell("authorised_until")
        until = date_of(cell.value) if cell else None
        if cell and until is None:
            self._find("authorised_until", "授权书有效期不是日期")
        elif until and until < self._today:
            self._find("authorised_until", f"授权书已于 {until.isoformat()} 到期", "请取得新的授权书后更正")
        return until

    def _materials(self, folder: Path) -> tuple[Path, ...]:
        found: list[Path] = []
        for word in re.split(r"[;；\n]", self._material_words()):
            if not (name := visible(word)):
                continue
            files = _files(folder, name)
            found.extend(files)
            if not files:
                advice = "请检查文件名；路径相对于本表所在的文件夹，多个文件用分号隔开"
                self._find("materials", f"找不到电子材料“{name}”，或文件夹是空的", advice)
        return tuple(found)

    def _material_words(self) -> str:
        cell = self._cell("materials")
        return str(cell.value) if cell else ""

    def _compare_region(self, portal: str, code: str) -> None:
        where = registered_in(code)
        if where and where != portal:
            message = f"信用代码由{where}的登记机关发放，与平台“{portal}”不同"
            self._find("code", message, "请确认单位在该平台参保", "warning")

    def _repeats_header(self) -> bool:
        return all(self._row.text(key) == self._headers[key] for key in ("name", "code"))


def _edition(portal: PortalSettings, city: str) -> str:
    """A city's edition, however the city is written (``南阳`` or ``南阳市``)."""
    plain = city.removesuffix("市")
    named = next((name for name in (city, plain, f"{plain}市") if name in portal.city_editions), city)
    return portal.edition_for(named)


def _files(folder: Path, name: str) -> list[Path]:
    """The files that a word names: itself, or everything in the folder that it is; empty if there is none."""
    try:
        for path in (folder / name, folder / name.replace("\\", "/")):
            if path.is_file():
                return [path]
            if path.is_dir():
                return sorted(
                    child for child in path.iterdir() if child.is_file() and child.name[0] not in ".~"
                )
    except (OSError, ValueError):  # a name that no file system knows: too long, or with a NUL
        return []
    return []
