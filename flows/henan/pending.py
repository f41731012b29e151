"""H14: 我的待提交业务 → 待提交申报管理. 删除 and 批量删除 are never clicked."""

from __future__ import annotations

from rpa.browser.labels.spots import ControlKind, Spot, TableRow, compare
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion, Tone
from rpa.errors import NeedsPerson
from rpa.filing import Employer

_NAME, _NUMBER, _DATE = "单位名称", "单位编号", "填报日期"
_NOTICE = "请认真阅读河南省稳岗返还资金用途告知"
_TREE = Spot("全部申报")
_LOOKING = Occasion("查看详情时平台提示", accepts=frozenset(Tone))
_SUBMIT = Spot("提交申报", kind=ControlKind.BUTTON)
_SUBMITTING = Occasion("提交时平台提示", after_commit=True)


class Pending(Screen):
    """The saved forms that wait for their submission."""

    landmark = (Sign("待提交申报管理"),)

    async def find(self, names: tuple[str, ...], employer: Employer) -> TableRow | None:
        """The one saved form of this employer, and of this item, if there is one.

        The rows do not say what they are for. The tree beside them does, as in 稳岗返还申请(1), and
        narrows the list; where that leaves a doubt, a form's own 详情 tell.

        Raises:
            NeedsPerson: there are several: which one is meant, and which a person deletes, only they know.
        """
        node = await self._narrow(names)
        rows = await self.session.rows((_NAME,), optional=(_NUMBER, _DATE))
        mine = [row for row in rows if compare(employer.name, row[_NAME]).agrees]
        if node is None and mine and await self.session.has(_TREE):
            return None  # the tree names no form of this item
        if node is None or len(mine) > 1:
            named = [row for row in mine if await self._is_of(row, names)]
            if named or node is None:  # details need not name the item where the tree did
                mine = named
        if len(mine) > 1:
            raise NeedsPerson(
                f"“我的待提交业务”中有 {len(mine)} 笔该单位的同一申报",
                "请登录平台，只保留一笔正确的，再重新运行",
            )
        return mine[0] if mine else None

    async def _narrow(self, names: tuple[str, ...]) -> Spot | None:
        """Have the tree show the forms of this item alone; its node, if it has one."""
        await self.session.settle()
        node = await self.session.first_of(*map(Spot, names))
        if node:
            await self.session.click(node)
        return node

    async def _is_of(self, row: TableRow, names: tuple[str, ...]) -> bool:
        """Whether a form's 详情 are those of this item."""
        item = [Sign(name, dialog=True) for name in (*names, _NOTICE)]
        heard = await self.session.ask(
            lambda: self.session.click_in(row, "详情"),
            *item,
            *(Sign(label) for label in ("申请年度", "联系方式")),
            occasion=_LOOKING,
        )
        await self.session.close_dialog()
        return heard.sign in item

    async def choose(self, row: TableRow) -> Spot:
        """Tick the row, and see what submits it: all that the commit needs must be there before.

        Raises:
            PortalChanged: there is nothing that submits.
        """
        await self.session.tick(row)
        button = await self.session.first_of(_SUBMIT, *await self.session.buttons_saying("提交"))
        await self.session.require(button or _SUBMIT)
        return button or _SUBMIT

    async def submit(self, button: Spot) -> None:
        """Submit the row that is ticked, and answer what the portal asks; its words prove nothing.

        Raises:
            Refused: the portal refused.
            Unavailable: it did not say that it was done.
        """
        await self.session.submit(lambda: self.session.click(button), occasion=_SUBMITTING)
