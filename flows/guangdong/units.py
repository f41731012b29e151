"""G5: the popup in which a handler chooses the unit to work for."""

from __future__ import annotations

from collections.abc import Sequence

from rpa.browser.labels.spots import ControlKind, Spot, TableRow, compare
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion
from rpa.errors import NeedsPerson
from rpa.filing import Employer

_CODE, _NAME, _NUMBER = "统一社会信用代码", "单位名称", "单位管理码"
_GO_ON = "为选中的单位办理业务，点击此处登录"
_CHOOSING = Occasion("选择单位时平台提示", refusal=NeedsPerson)
CURRENT = "当前单位"
"""What the portal puts before the unit's name once one is chosen (inferred)."""


class Units(Screen):
    """The units that the handler's account is bound to, on however many pages."""

    landmark = (Sign(_GO_ON),)

    async def choose(self, employer: Employer) -> None:
        """Choose the row's unit and go on for it.

        Raises:
            NeedsPerson: the account is not bound to it, or to several of its code, or the portal refuses.
        """
        rows = await self.session.rows((_CODE,), optional=(_NAME, _NUMBER), some=True)
        row = _the_row(rows, employer)
        await self.session.tick(row)
        go_on = Spot(_GO_ON, kind=ControlKind.BUTTON)
        await self.session.ask(lambda: self.session.click(go_on), Sign(_GO_ON, gone=True), occasion=_CHOOSING)
        await self.session.see(Sign(CURRENT), Sign(row.get(_NAME) or employer.name))


def _the_row(rows: Sequence[TableRow], employer: Employer) -> TableRow:
    mine = [row for row in rows if _same(employer.code, row[_CODE])]
    if employer.unit_number and len(mine) > 1:
        mine = [row for row in mine if _same(employer.unit_number, row.get(_NUMBER, ""))]
    if not mine:
        raise NeedsPerson(
            "登录账号没有绑定该单位",
            "请在平台“账户管理”“实名认证”中办好经办人与单位的授权绑定，或更正“登录账号”后重新运行",
        )
    if len(mine) > 1:
        raise NeedsPerson(
            f"该信用代码在平台有 {len(mine)} 个单位管理码", "请在“单位编号”列填写单位管理码后重新运行"
        )
    return mine[0]


def _same(asked: str, shown: str) -> bool:
    return compare(asked, shown).agrees
