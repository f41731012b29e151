"""G6: 单位信息确认, the page of the item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.guangdong.interruptions import DIALOG
from rpa.browser.labels.spots import ControlContent, ControlKind, Match, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Refusal, Sign
from rpa.errors import Refused
from rpa.filing import Employer

YEAR = "申请年度"
_ASKS = Sign("确认提交单位信息确认")
_DONE = Sign("提交成功")


class Confirmation(Screen):
    """What the portal knows about the unit, to be confirmed."""

    landmark = (Sign("单位信息确认"),)

    def identity(self, employer: Employer) -> Mapping[str, str]:
        """What the page must say about the unit before anything is touched."""
        shown = {"单位名称": employer.name, "统一社会信用代码": employer.code}
        return shown | ({"单位管理码": employer.unit_number} if employer.unit_number else {})

    def values(self, employer: Employer) -> Mapping[str, str]:
        """What is filled in where the page lets us, and must be there in any case."""
        wanted = {
            "户名": employer.account_name,
            "开户银行": employer.bank,
            "银行账号": employer.account,
            "联系人": employer.contact,
            "联系电话": employer.phone,
        }
        return {label: value for label, value in wanted.items() if value}

    async def shows_year(self) -> bool:
        """Whether the page says for which year it confirms: no manual tells, and nobody can choose it."""
        return await self.session.has(YEAR)

    async def read(self, labels: Iterable[str]) -> Mapping[str, ControlContent]:
        """What the page holds under these labels, once it has got its data."""
        return await self.session.read(labels, filled=True)

    async def fill(self, values: Mapping[str, str]) -> None:
        """Fill what the page lets us; what is locked stays as it is, and is compared all the same."""
        free = await self.session.editable(values)
        there = {label: value for label, value in values.items() if label in free}
        await self.session.fill(there, accepts=tuple(Match))

    async def submit(self) -> None:
        """提交, and 确定 where it asks.

        Raises:
            Refused: with the portal's own words.
        """
        seconds = self.session.portal.save_seconds
        refused = Refusal(DIALOG, Refused, "提交时平台提示")
        await self.session.click(Spot("提交", kind=ControlKind.BUTTON))
        seen = await self.session.see(_ASKS, _DONE, otherwise=refused, seconds=seconds)
        if seen.sign is _ASKS:
            await self.session.click(Spot("确定", kind=ControlKind.BUTTON))
            await self.session.see(Sign(_ASKS.text, gone=True), seconds=seconds)
            await self.session.see(_DONE, otherwise=refused, seconds=seconds)
