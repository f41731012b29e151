"""H14: 我的待提交业务 → 待提交申报管理. 删除 and 批量删除 are never clicked."""

from __future__ import annotations

from flows.henan.interruptions import DIALOG
from rpa.browser.labels.spots import ControlKind, Spot, TableRow, compare
from rpa.browser.screen import Screen
from rpa.browser.signs import Refusal, Sign
from rpa.errors import NeedsPerson, Refused, Unavailable
from rpa.filing import Employer

_HEADERS = ("单位编号", "单位名称", "填报日期")
_ASKS = Sign("确定要提交")
_DONE = Sign("提交成功")
_LISTED = Sign("总行数")
_SUBMIT = Spot("提交申报", kind=ControlKind.BUTTON)


class Pending(Screen):
    """The saved forms that wait for their submission."""

    landmark = (Sign("待提交申报管理"),)

    async def the_row(self, names: tuple[str, ...], employer: Employer) -> TableRow:
        """The one saved form of this employer, and of this item.

        The rows do not say what they are for; the tree beside them does, as in 稳岗返还申请(1).

        Raises:
            PortalChanged: the tree names no form of this item.
            NeedsPerson: there are several: which one is meant, and which a person deletes, only they know.
            Unavailable: there is none, though the portal said that it was saved.
        """
        named = [Sign(f"{name}(1)") for name in names]
        seen = await self.session.see(*named, otherwise=_LISTED)
        rows = await self.session.rows(_HEADERS)
        mine = [row for row in rows if compare(employer.name, row["单位名称"]).agrees]
        if len(mine) > 1:
            raise NeedsPerson(
                f"“我的待提交业务”中有 {len(mine)} 笔该单位的申报", "请登录平台，只保留一笔正确的，再重新运行"
            )
        if not mine:
            raise Unavailable("平台提示已保存，但“我的待提交业务”中没有这笔申报")
        if seen.sign is _LISTED:  # the list without the tree's word: perhaps the tree is slower
            await self.session.see(*named)
        return mine[0]

    async def choose(self, row: TableRow) -> None:
        """Tick the row, and see that it can be submitted: what is missing must show before the commit.

        Raises:
            PortalChanged: there is no 提交申报 (the label is inferred; see ``configs/henan.toml``).
        """
        await self.session.tick(row)
        await self.session.require(_SUBMIT)

    async def submit(self) -> None:
        """提交申报 for the row that is ticked.

        Raises:
            Refused: with the portal's own words.
        """
        self.session.waiter.accepted_confirms = (_ASKS.text,)
        await self.session.click(_SUBMIT)
        seconds = self.session.portal.save_seconds
        refused = Refusal(DIALOG, Refused, "提交时平台提示")
        seen = await self.session.see(_ASKS, _DONE, otherwise=refused, seconds=seconds)
        if seen.sign is _ASKS:
            await self.session.click(Spot("确定", kind=ControlKind.BUTTON))
            await self.session.see(_DONE, otherwise=refused, seconds=seconds)

    async def close_answer(self) -> None:
        """确定, under the portal's answer to 提交申报, where it is a drawn one."""
        if not any(_DONE.text in told for told in self.session.waiter.dialogs):
            await self.session.click(Spot("确定", kind=ControlKind.BUTTON))
