"""The workbook to fill in: a sheet for the data, one of instructions, one with worked examples."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.settings.portal import shipped_portals
from rpa.workbook.atomic import write_file
from rpa.workbook.cells import Value
from rpa.workbook.columns import BY_KEY, COLUMNS, EXAMPLE_SHEET, FILL_SHEET, GUIDE_SHEET, Column
from rpa.workbook.samples import sample_rows, sampled_portals
from rpa.workbook.sheetxml import column_letters

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 5000
"""How far down the drop-down lists reach."""
_LONGEST_LIST = 255
"""Characters: Excel calls a file with a longer list damaged."""
_REQUIRED, _OPTIONAL = "1F4E79", "7F7F7F"
_FONT = "微软雅黑"
_GUIDE = (
    "一行填一个单位。蓝色表头的列必须填写，灰色表头的列可以不填。",
    "列的顺序可以调整，也可以增加自己的列；表头可以用右边“也可以写成”里的名称。",
    "银行账号、信用代码等长号码必须以“文本”填写：本表这些列已经设好，粘贴时请选择“只粘贴文本”。",
    "填好后先检查：rpa check 本文件.xlsx，会给出有问题的单元格，并另存一份做了标记的表。",
    "不同平台的单位可以填在同一张表里，用“平台”一列区分；各平台的登录方式见该列的下拉列表。",
    "表里不要写密码：登录账号只填登录的名字，密码用 rpa secrets set 平台 名字 保存在办理的电脑上。",
    "检查无误后办理：rpa run 本文件.xlsx。结果写在另一份表里，本表不会被改动。",
)

Rows = Sequence[Mapping[str, Value]]
"""Column key → value, one mapping per row."""
Notes = Mapping[str, Sequence[tuple[str, str]]]
"""Column key → (平台, what to know there)."""


def write_template(
    path: Path, *, portals: Sequence[str], logins: Sequence[str] = (), year: int = 2024
) -> Path:
    """Write an empty workbook to fill in.

    Args:
        path: where; an existing file is replaced.
        portals: 平台 as the drop-down list offers them.
        logins: 登录方式 as the drop-down list offers them; those of the examples if left out.
        year: 申请年度 of the worked examples.

    Returns:
        Where it was written; another name if ``path`` is held open in Excel.

    Raises:
        UserError: nothing can be written there.
    """
    examples = _examples(portals, year)
    return _write(path, (), examples, portals=portals, logins=logins or _values(examples, "login"))


def write_sample(path: Path, rows: Rows, *, portals: Sequence[str] = ()) -> Path:
    """Write the same workbook with rows filled in, e.g. from :func:`rpa.workbook.samples.sample_rows`.

    Args:
        path: where; an existing file is replaced.
        rows: column key → value.
        portals: 平台 as the drop-down list offers them; those of the rows if left out.

    Raises:
        UserError: nothing can be written there.
    """
    first = {row["portal"]: row for row in reversed(rows)}
    examples = rows[:2] if len(first) == 1 else [row for row in rows if row is first[row["portal"]]]
    portals = portals or _values(rows, "portal")
    return _write(path, rows, examples, portals=portals, logins=_values(rows, "login"))


def _examples(portals: Sequence[str], year: int) -> Rows:
    """An employer of each portal, two of an only one; of portals without samples none."""
    sampled = {portal.name for portal in sampled_portals().values()}
    known = [name for name in portals if name in sampled]
    each = 2 if len(known) == 1 else 1
    return [row for name in known for row in sample_rows(each, year, portal=name)]


def _values(rows: Rows, key: str) -> list[str]:
    """What the rows say in a column, each once."""
    return list(dict.fromkeys(str(row[key]) for row in rows if row.get(key)))


def _write(path: Path, rows: Rows, examples: Rows, *, portals: Sequence[str], logins: Sequence[str]) -> Path:
    from openpyxl import Workbook  # slow to import

    offered = {"portal": portals, "login": logins}
    notes = _notes(portals)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = FILL_SHEET
    _fill(sheet, rows, offered, notes)
    _guide(book, notes)
    _fill(book.create_sheet(EXAMPLE_SHEET), examples, offered, notes)
    out = io.BytesIO()
    book.save(out)
    return write_file(path, out.getvalue())


def _notes(portals: Sequence[str]) -> Notes:
    """What the settings say of a column for one portal alone, in the order of the portals."""
    known = {portal.name: portal.column_notes for portal in shipped_portals().values()}
    told = {name: known[name] for name in portals if name in known}
    return {
        column.key: [(name, notes[column.key]) for name, notes in told.items() if column.key in notes]
        for column in COLUMNS
    }


def _fill(sheet: Worksheet, rows: Rows, offered: Mapping[str, Sequence[str]], notes: Notes) -> None:
    from openpyxl.styles import Alignment, Font

    for number, column in enumerate(COLUMNS, 1):
        _head(sheet, number, column, notes[column.key])
        _offer(sheet, number, column, offered.get(column.key, column.choices))
    for line, row in enumerate(rows, 2):
        for number, column in enumerate(COLUMNS, 1):
            cell = sheet.cell(line, number)
            value = row.get(column.key, "")
            cell.value = value if value != "" else None
            cell.font = Font(name=_FONT, size=10)
            cell.alignment = Alignment(vertical="center")
            cell.number_format = _format(column)
            if isinstance(value, str) and value:
                cell.data_type = "s"  # never a formula
    sheet.row_dimensions[1].height = 30
    named = COLUMNS.index(BY_KEY["name"]) + 1  # name and number of a row stay in sight
    sheet.freeze_panes = f"{column_letters(named + 1)}2"
    sheet.auto_filter.ref = f"A1:{column_letters(len(COLUMNS))}{max(2, len(rows) + 1)}"
    sheet.print_title_rows = "1:1"
    _print_wide(sheet)


def _print_wide(sheet: Worksheet) -> None:
    """Printed, it is as wide as the paper and as long as needed."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _format(column: Column) -> str:
    if column.key == "authorised_until":
        return "yyyy-mm-dd"
    return "@" if column.text else "General"


def _head(sheet: Worksheet, number: int, column: Column, notes: Sequence[tuple[str, str]]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = sheet.cell(1, number, column.header)
    cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_REQUIRED if column.required else _OPTIONAL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(right=Side("thin", color="FFFFFF"))
    told = column.note + "".join(f"{portal}：{text}" for portal, text in notes)
    note = Comment(f"{'必填。' if column.required else '选填。'}{told}", "填写说明")
    note.width, note.height = 260, 40 + 20 * (len(told) // 16)
    cell.comment = note
    dimension = sheet.column_dimensions[column_letters(number)]
    dimension.width = column.width
    dimension.number_format = _format(column)


def _offer(sheet: Worksheet, number: int, column: Column, choices: Sequence[str]) -> None:
    """A drop-down list below a header."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = ",".join(choices)
    if not choices or len(listed) > _LONGEST_LIST:
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    rule.errorTitle, rule.error = column.header, f"请从下拉列表中选择：{'、'.join(choices)}"
    rule.showErrorMessage = column.strict
    letters = column_letters(number)
    rule.add(f"{letters}2:{letters}{_ROWS}")
    sheet.add_data_validation(rule)


def _guide(book: Workbook, notes: Notes) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(GUIDE_SHEET)
    sheet.sheet_view.showGridLines = False
    sheet.row_dimensions[1].height = 30
    _print_wide(sheet)
    sheet["A1"] = "稳岗返还批量申报：填写说明"
    sheet["A1"].font = Font(name=_FONT, size=16, bold=True, color=_REQUIRED)
    for line, text in enumerate(_GUIDE, 2):
        sheet.cell(line, 1, f"{line - 1}. {text}").font = Font(name=_FONT, size=11)
    top = len(_GUIDE) + 3
    table = [("列名", "是否必填", "填写说明", "表头也可以写成")]
    for one in COLUMNS:
        table.append((one.header, "必填" if one.required else "选填", one.note, "、".join(one.aliases)))
        table += [("", portal, text, "") for portal, text in notes[one.key]]
    widths = (20, 10, 60, 50)
    for line, cells in enumerate(table, top):
        # A Chinese character is two wide; some programs do not fit the height of wrapped rows themselves.
        deepest = max(-(-2 * len(text) // width) for text, width in zip(cells, widths, strict=True))
        sheet.row_dimensions[line].height = 16 * deepest
        for number, text in enumerate(cells, 1):
            cell = sheet.cell(line, number, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(name=_FONT, size=10, bold=line == top, color="FFFFFF" if line == top else None)
            if line == top:
                cell.fill = PatternFill("solid", fgColor=_REQUIRED)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[column_letters(number)].width = width
