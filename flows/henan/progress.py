"""H15: 办理进度查询 → 审核结果查询. Only a row found here proves that a filing was submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rpa.browser.labels.spots import ControlKind, Spot, TableRow, normalise
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.filing import CHINA, Record

_HEADERS = ("事项名称", "受理时间", "主体名称", "受理状态", "办理状态", "受理经办机构", "受理统筹区")
_SERIAL = Spot("受理流水号", kind=ControlKind.OUTPUT, within="业务详情")
_YEAR = Spot("申请年度", kind=ControlKind.OUTPUT, within="业务详情")


class Progress(Screen):
    """The portal's list of what was submitted, month by month."""

    landmark = (Sign("审核结果查询"),)

    async def rows(self, names: tuple[str, ...], month: str) -> list[TableRow]:
        """The rows of an item, by every name it has, in a month (``YYYYMM``); they are on the screen then."""
        wanted = {normalise(name) for name in names}
        return [row for row in await self._query(month) if normalise(row["事项名称"]) in wanted]

    async def latest(
        self, names: tuple[str, ...], months: Sequence[str]
    ) -> tuple[list[TableRow], Sequence[str]]:
        """An item's rows in the first of some months that has any, and the months behind it."""
        for behind, month in enumerate(months, start=1):
            if rows := await self.rows(names, month):
                return rows, months[behind:]
        return [], ()

    async def record(self, rows: Sequence[TableRow], year: int) -> Record | None:
        """The record of the row whose 详情 names this 申请年度; its details stay open, to be pictured."""
        for row in rows:
            if record := await self._details(row, year):
                return record
            await self.session.click("×")
            await self.session.see(Sign("业务详情", gone=True))
        return None

    async def _query(self, month: str) -> list[TableRow]:
        await self.session.fill({"查询类型": "单位业务", "请输入办理月份": month})
        await self.session.mark()
        await self.session.click(Spot("查询", kind=ControlKind.BUTTON))
        seen = await self.session.see(Sign("总行数", fresh=True), Sign("没有查询到", fresh=True))
        return [] if "没有查询到" in seen.words else list(await self.session.rows(_HEADERS))

    async def _details(self, row: TableRow, year: int) -> Record | None:
        """The record with its receipt number, or None when it is of another year."""
        await self.session.click_in(row, "详情")
        await self.session.see(Sign(_YEAR.label))
        facts = await self.session.read([_SERIAL, _YEAR])
        if facts[_YEAR.label].text != str(year):
            return None
        return Record(
            item=row["事项名称"],
            subject=row["主体名称"],
            accepted_at=row["受理时间"],
            acceptance=row["受理状态"],
            handling=row["办理状态"],
            agency=row["受理经办机构"],
            area=row["受理统筹区"],
            serial=facts[_SERIAL.label].text,
        )


def recent_months(count: int) -> Sequence[str]:
    """So many months as ``YYYYMM``, this month first."""
    now = datetime.now(CHINA)
    serial = now.year * 12 + now.month - 1
    months = (divmod(serial - back, 12) for back in range(count))
    return [f"{year}{month + 1:02}" for year, month in months]
