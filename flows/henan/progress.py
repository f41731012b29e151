"""H15: 办理进度查询 → 审核结果查询. Only a row found here proves that a filing was submitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from rpa.browser.labels.spots import ControlKind, Spot, TableRow, compare, normalise
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion, Tone
from rpa.errors import NeedsPerson, PortalChanged
from rpa.filing import CHINA, Employer, Record, year_in

_ITEM, _TIME, _SUBJECT = "事项名称", "受理时间", "主体名称"
_ACCEPTANCE, _HANDLING, _AGENCY, _AREA = "受理状态", "办理状态", "受理经办机构", "受理统筹区"
_KIND = Spot("查询类型")
_SERIAL = Spot("受理流水号", kind=ControlKind.OUTPUT, above=True)
_YEAR = Spot("申请年度", above=True)
_DETAILS = (Sign("申请年度"), Sign("发放方式"), Sign("联系方式"))
"""What the details say, as the form does, and the list does not; in a box or on a page of their own."""
_OPENING = Occasion("查看详情时平台提示", accepts=frozenset({Tone.INFORMATION, Tone.UNKNOWN, Tone.QUESTION}))


class Progress(Screen):
    """The portal's list of what was submitted, month by month."""

    landmark = (Sign("审核结果查询"),)

    async def rows(self, names: tuple[str, ...], employer: Employer, month: str) -> list[TableRow]:
        """The rows of an employer's item, by every name it has, in a month (``YYYYMM``).

        They are on the screen then.

        Raises:
            NeedsPerson: the item is there for another 主体名称 alone: one name of the unit, or another unit.
        """
        wanted = {normalise(name) for name in names}
        rows = [row for row in await self._query(month) if normalise(row[_ITEM]) in wanted]
        mine = [row for row in rows if _is_of(row, employer)]
        if rows and not mine:
            raise NeedsPerson(
                f"办理进度查询中有这个事项，但主体名称是“{rows[0].get(_SUBJECT)}”，不是“{employer.name}”",
                "请到平台核实是不是同一个单位（例如改过名）；是的话请更正表格中的单位名称",
            )
        return mine

    async def latest(
        self, names: tuple[str, ...], employer: Employer, months: Sequence[str]
    ) -> tuple[list[TableRow], Sequence[str]]:
        """An employer's rows of an item in the first of some months with any, and the months behind it."""
        for behind, month in enumerate(months, start=1):
            if rows := await self.rows(names, employer, month):
                return rows, months[behind:]
        return [], ()

    async def record(
        self, rows: Sequence[TableRow], year: int, is_old: Callable[[Record], bool]
    ) -> Record | None:
        """The record of the row that is of this 申请年度; its details stay open, to be pictured.

        Where neither the details nor the row name a year (inferred), it is that of 受理时间.

        Args:
            rows: an item's.
            year: 申请年度.
            is_old: whether a record was returned before: it counts where no other one is there.
        """
        old: Record | None = None
        for row in rows:
            record = await self._details(row, year)
            if record and not is_old(record):
                return record
            old = old or record
            await self.session.close_dialog()
        return old

    async def _query(self, month: str) -> Sequence[TableRow]:
        if await self.session.has(_KIND):
            await self.session.fill({_KIND: "单位业务"})
        await self.session.fill({"请输入办理月份": month})
        await self.session.click(Spot("查询", kind=ControlKind.BUTTON))
        others = (_SUBJECT, _ACCEPTANCE, _HANDLING, _AGENCY, _AREA)
        return await self.session.rows((_ITEM, _TIME), optional=others)

    async def _details(self, row: TableRow, year: int) -> Record | None:
        """The record with its receipt number, or None when it is of another year."""
        await self.session.ask(lambda: self.session.click_in(row, "详情"), *_DETAILS, occasion=_OPENING)
        await self.session.settle()
        there = await self.session.readable([_SERIAL, _YEAR])
        told = [spot for spot in (_SERIAL, _YEAR) if spot.label in there]
        facts = {label: held.text for label, held in (await self.session.read(told, filled=True)).items()}
        said = facts.get(_YEAR.label) or row[_TIME]
        named = year_in(said)
        if named is None:
            raise PortalChanged(f"办理进度查询中读不出这一笔是哪一年的：“{said}”")
        if named != year:
            return None
        return Record(
            item=row[_ITEM],
            subject=row.get(_SUBJECT, ""),
            accepted_at=row[_TIME],
            acceptance=row.get(_ACCEPTANCE, ""),
            handling=row.get(_HANDLING, ""),
            agency=row.get(_AGENCY, ""),
            area=row.get(_AREA, ""),
            serial=facts.get(_SERIAL.label, ""),
        )


def _is_of(row: TableRow, employer: Employer) -> bool:
    """Whether a row is about the unit, where the list names one: some accounts hold several units."""
    subject = row.get(_SUBJECT)
    return not subject or compare(employer.name, subject).agrees


def recent_months(count: int) -> Sequence[str]:
    """So many months as ``YYYYMM``, this month first."""
    now = datetime.now(CHINA)
    serial = now.year * 12 + now.month - 1
    months = (divmod(serial - back, 12) for back in range(count))
    return [f"{year}{month + 1:02}" for year, month in months]
