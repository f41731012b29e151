"""我的办件: the unit's own list. Only a row found here proves that a filing was submitted."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rpa.browser.labels.spots import TableRow, compare, normalise
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.filing import Employer, Record, year_in

LIST = "我的办件"
_ITEM = "事项名称"
_SERIAL, _UNIT, _YEAR, _TIME, _STATE = "办件编号", "申请单位", "申请年度", "申请时间", "办件状态"


class Applications(Screen):
    """What the portal has of the unit, on however many pages."""

    landmark = (Sign(_ITEM),)

    async def find(
        self, names: tuple[str, ...], employer: Employer, year: int, is_old: Callable[[Record], bool]
    ) -> Record | None:
        """The record of an employer's item and year, if the list has it.

        Args:
            names: every name of the item.
            employer: whose.
            year: 申请年度. Where the list does not name it (inferred), it is that of 申请时间.
            is_old: whether a record was returned before: it counts where no other one is there.

        Raises:
            IncompleteList: not all of the list could be read, and what was read does not have it.
        """
        known = await self.session.first_head(_ITEM)
        rows = await self.session.rows((known,), optional=(_SERIAL, _UNIT, _YEAR, _TIME, _STATE))
        wanted = {normalise(name) for name in names}
        mine = [(row, _item_of(row, wanted)) for row in rows if _is_of(row, employer)]
        records = [_record(row, item) for row, item in mine if item and _year_of(row, item) in (year, None)]
        return min(records, key=is_old, default=None)


def _is_of(row: TableRow, employer: Employer) -> bool:
    """Whether a row is about the unit, where the list names one: it may be a handler's."""
    unit = row.get(_UNIT)
    return not unit or compare(employer.name, unit).agrees


def _item_of(row: TableRow, wanted: Collection[str]) -> str:
    """The item's name as the row has it, in whichever column."""
    cells = (row.get(_ITEM), *row.cells.values())
    return next((cell for cell in cells if any(name in normalise(cell) for name in wanted)), "")


def _year_of(row: TableRow, item: str) -> int | None:
    said = (row.get(_YEAR), item, row.get(_TIME))
    return next((year for text in said if (year := year_in(text))), None)


def _record(row: TableRow, item: str) -> Record:
    return Record(
        item=item,
        subject=row.get(_UNIT),
        accepted_at=row.get(_TIME),
        handling=row.get(_STATE),
        serial=row.get(_SERIAL),
    )
