"""我的办件: the unit's own list. Only a row found here proves that a filing was submitted."""

from __future__ import annotations

import re

from rpa.browser.labels.spots import TableRow, compare, normalise
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.errors import NeedsPerson
from rpa.filing import Employer, Record

LIST = "我的办件"
_HEADERS = ("办件编号", "事项名称", "申请单位", "申请年度", "申请时间", "办件状态")
_TOTAL = Sign(r"(共|总数):?\d+条", fresh=True, pattern=True)


class Applications(Screen):
    """What the portal has of the unit, the newest first."""

    landmark = (_TOTAL,)

    async def find(self, names: tuple[str, ...], employer: Employer, year: int) -> Record | None:
        """The record of an employer's item and year, if the list has it.

        Args:
            names: every name of the item.
            employer: whose.
            year: 申请年度.

        Raises:
            NeedsPerson: the list has more than it shows, and what it shows does not have it.
        """
        seen = await self.session.see(_TOTAL)
        total = int(re.findall(r"\d+", seen.words)[0])
        rows = await self.session.rows(_HEADERS, some=total > 0)
        wanted = {normalise(name) for name in names}
        for row in rows:
            same = compare(employer.name, row["申请单位"]).agrees and row["申请年度"] == str(year)
            if same and normalise(row["事项名称"]) in wanted:
                return _record(row)
        if total > len(rows):
            raise NeedsPerson(
                f"“{LIST}”有 {total} 条，只显示了 {len(rows)} 条，其中没有这笔申报", "请登录平台人工核实"
            )
        return None


def _record(row: TableRow) -> Record:
    return Record(
        item=row["事项名称"],
        subject=row["申请单位"],
        accepted_at=row["申请时间"],
        handling=row["办件状态"],
        serial=row["办件编号"],
    )
