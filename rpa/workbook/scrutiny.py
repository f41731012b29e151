"""One row under scrutiny: its cells as far as they can be used, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rpa.identifiers import Checked, beyond_excel
from rpa.workbook.columns import BY_KEY, header_key
from rpa.workbook.finding import Judged, Severity
from rpa.workbook.reader import Cell, Row

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
    "login_name": "请填写登录的名字（rpa secrets set 保存时用的），不是账号和密码",
}


class Scrutiny:
    """The cells of one row, as the judges of its parts ask for them."""

    def __init__(self, row: Row, headers: Mapping[str, str]) -> None:
        self.row = row
        self.judged = Judged(row)
        self.sound: set[str] = set()
        """Identifiers without a problem."""
        self.optional: frozenset[str] = frozenset()
        """Columns that are required elsewhere and not at the row's portal."""
        self._headers = headers

    def find(self, key: str, message: str, advice: str = "", severity: Severity = "error") -> None:
        """Note what is wrong with a cell."""
        header = BY_KEY[key].header
        own = self._headers.get(key, header)
        shown = header if header_key(own) == header_key(header) else own
        self.judged.find(key, shown, message, advice or _ADVICE.get(key, "请更正"), severity)

    def warn(self, key: str, message: str, advice: str = "") -> None:
        """Note what a person should look at."""
        self.find(key, message, advice, "warning")

    def cell(self, key: str) -> Cell | None:
        """The cell if it can be used; notes what is wrong with it otherwise."""
        column = BY_KEY[key]
        required = column.required and key not in self.optional
        if key not in self.row.columns:
            if required:
                self.judged.lacks.add(key)
            return None
        cell = self.row.cell(key)
        if cell.trouble == "uncached":
            advice = "请用 Excel 打开、保存后再试，或改为直接填写内容"
            self.find(key, f"{column.header}是公式，但没有计算结果", advice)
        elif cell.trouble == "error":
            self.find(key, f"{column.header}是 Excel 错误值（如 #N/A）", "请修正公式，或改为直接填写内容")
        elif cell.text:
            return cell
        elif required:
            self.find(key, f"{column.header}没有填写")
        return None

    def text(self, key: str) -> str:
        """The cell's text; empty if it cannot be used."""
        cell = self.cell(key)
        return cell.text if cell else ""

    def demand(self, key: str, message: str) -> None:
        """Note that this row cannot do without a cell that others need not fill in."""
        if key not in self.row.columns:
            self.judged.lacks.add(key)
        elif not self.row.cell(key).trouble:
            self.find(key, message)

    def checked(self, key: str, check: Callable[[str], Checked]) -> str:
        """An identifier in its normal form; notes what is wrong or odd with it."""
        cell = self.cell(key)
        if cell is None:
            return ""
        header = BY_KEY[key].header
        number = isinstance(cell.value, float | int) and not isinstance(cell.value, bool)
        if number and beyond_excel(float(cell.value)):  # type: ignore[arg-type]
            advice = f"请把单元格设为“文本”，再按原件重新填写完整的{header}"
            self.find(key, f"{header}以数字存放，Excel 只保留 15 位，后面的数字已丢失", advice)
            return ""
        checked = check(cell.text)
        if checked.problem:
            self.find(key, f"{header}{checked.problem}")
            return checked.value
        self.sound.add(key)
        if checked.warning:
            self.warn(key, f"{header}{checked.warning}")
        elif number and key == "account":
            self.warn(key, "银行账号以数字存放，开头的 0 会丢失", "请核对账号，并把单元格设为“文本”")
        return checked.value
