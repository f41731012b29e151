"""A workbook without what agencies should not have typed into it."""

from __future__ import annotations

import io

from rpa.workbook.reader import Sheet


def without_passwords(data: bytes, sheet: Sheet) -> bytes:
    """A copy of a workbook whose password columns are empty, in its table of shared texts too.

    openpyxl writes the whole file anew, which loses drawings: only for the rare workbook with such columns.

    Args:
        data: the workbook, not locked.
        sheet: as it was read.
    """
    from openpyxl import load_workbook  # slow to import, rarely needed

    book = load_workbook(io.BytesIO(data))
    page = book[sheet.name]
    for number, _ in sheet.passwords:
        for (cell,) in page.iter_rows(min_row=sheet.header_row + 1, min_col=number, max_col=number):
            cell.value = None
            cell.comment = None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
