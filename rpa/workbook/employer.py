"""The part of a row that tells of the employer: who it is, where the money goes, who may file for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rpa.filing import Employer
from rpa.identifiers import account, credit_code, phone, unit_number, visible
from rpa.settings.portal import PortalSettings
from rpa.workbook.cells import date_of, yes_or_no
from rpa.workbook.logins import read_login
from rpa.workbook.scrutiny import Scrutiny


@dataclass(frozen=True, slots=True)
class EmployerJudge:
    """Reads the employer of a row and notes what is wrong with it."""

    cells: Scrutiny
    portal: PortalSettings | None
    """None: the row names no known one."""
    folder: Path
    """Where the workbook is; materials are relative to it."""
    today: date
    """The day that the authorisation must reach."""

    def read(self) -> Employer:
        """The employer, as far as its cells can be used."""
        cells = self.cells
        name = self._name()
        login, login_name = read_login(cells, self.portal)
        return Employer(
            name=name,
            code=cells.checked("code", credit_code),
            unit_number=self._unit_number(),
            contact=cells.text("contact"),
            phone=cells.checked("phone", phone),
            payment=cells.text("payment") or "单位",
            account_name=self._account_name(name),
            bank=cells.text("bank"),
            account=cells.checked("account", account),
            dispatch=self._dispatch(),
            purpose_accepted=self._purpose(),
            authorisation=cells.text("authorisation"),
            authorised_until=self._authorised_until(),
            handler=cells.text("handler"),
            login=login,
            login_name=login_name,
            materials=self._materials(),
            remark=cells.row.text("remark"),
        )

    def _name(self) -> str:
        name = self.cells.text("name")
        brackets = {mark for mark in name if mark in "()（）"}
        if brackets and brackets not in ({"(", ")"}, {"（", "）"}):
            self.cells.warn(
                "name", "单位名称中的括号全角、半角混用或不成对", "请与营业执照和平台上的名称核对"
            )
        return name

    def _unit_number(self) -> str:
        value = self.cells.checked("unit_number", unit_number)
        if value and self.portal and "unit_number" in self.cells.sound:
            usual = self.portal.unit_numbers
            if usual and not re.fullmatch(usual.pattern, value):
                self.cells.warn("unit_number", f"{self.portal.name}的单位编号一般是{usual.words}")
        return value

    def _account_name(self, name: str) -> str:
        text = self.cells.text("account_name")
        if text and name and text != name:
            self.cells.warn("account_name", "户名与单位名称不一致", "请核对；括号的全角、半角也要一致")
        return text

    def _dispatch(self) -> bool:
        cell = self.cells.cell("dispatch")
        answer = yes_or_no(cell.value) if cell else False
        if answer is None:
            self.cells.find("dispatch", "是否劳务派遣既不是“是”也不是“否”", "请填“是”或“否”")
        elif answer:
            self.cells.find("dispatch", "劳务派遣单位须由人工办理", "请由经办人自行到平台或窗口办理")
        return bool(answer)

    def _purpose(self) -> bool:
        cell = self.cells.cell("purpose_accepted")
        accepted = cell is not None and yes_or_no(cell.value) is True
        if cell and not accepted and "purpose_accepted" not in self.cells.optional:
            self.cells.find("purpose_accepted", "资金用途告知确认不是“是”")
        return accepted

    def _authorised_until(self) -> date | None:
        cell = self.cells.cell("authorised_until")
        until = date_of(cell.value) if cell else None
        if cell and until is None:
            self.cells.find("authorised_until", "授权书有效期不是日期")
        elif until and until < self.today:
            message = f"授权书已于 {until.isoformat()} 到期"
            self.cells.find("authorised_until", message, "请取得新的授权书后更正")
        return until

    def _materials(self) -> tuple[Path, ...]:
        cell = self.cells.cell("materials")
        found: list[Path] = []
        for word in re.split(r"[;；\n]", str(cell.value) if cell else ""):
            if not (name := visible(word)):
                continue
            files = _files(self.folder, name)
            found.extend(files)
            if not files:
                advice = "请检查文件名；路径相对于本表所在的文件夹，多个文件用分号隔开"
                self.cells.find("materials", f"找不到电子材料“{name}”，或文件夹是空的", advice)
        return tuple(found)


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
