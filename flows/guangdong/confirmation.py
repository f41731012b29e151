"""G6: 单位信息确认, the page of the item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rpa.browser.labels.spots import ControlContent, ControlKind, Match, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion
from rpa.errors import NeedsPerson
from rpa.filing import Employer

YEAR = "申请年度"
_SUBMIT = Spot("提交", kind=ControlKind.BUTTON)
_DONE = Sign("提交成功", fresh=True)
_PROMISE = Spot("", kind=ControlKind.CHECKBOX)
_SUBMITTING = Occasion("提交时平台提示", after_commit=True)


class Confirmation(Screen):
    """What the portal knows about the unit, to be confirmed."""

    landmark = (Sign("单位信息确认"), Sign("提交", exact=True))

    def identity(self, employer: Employer) -> Mapping[str, str]:
        """What the page must say about the unit before anything is touched."""
        shown = {"单位名称": employer.name, "统一社会信用代码": employer.code}
        return shown | ({"单位管理码": employer.unit_number} if employer.unit_number else {})

    async def values(self, employer: Employer) -> Mapping[str, str]:
        """What is filled in where the page lets us: not what the row leaves empty, nor what the page lacks.

        No manual shows the page's fields: all of them are inferred.
        """
        wanted = {
            "户名": employer.account_name,
            "开户银行": employer.bank,
            "银行账号": employer.account,
            "联系人": employer.contact,
            "联系电话": employer.phone,
        }
        there = await self.session.readable(wanted)
        return {label: value for label, value in wanted.items() if value and label in there}

    async def shows_year(self) -> bool:
        """Whether a field says for which year the page confirms; no manual tells."""
        return bool(await self.session.readable([YEAR]))

    async def years(self) -> set[int]:
        """Every year that the page names as an application's, wherever it stands: in a title, in prose."""
        return await self.session.years()

    async def read(self, labels: Iterable[str]) -> Mapping[str, ControlContent]:
        """What the page holds under these labels, once it has got its data."""
        return await self.session.read(labels, filled=True)

    async def fill(self, values: Mapping[str, str]) -> None:
        """Fill what the page lets us; what is locked stays as it is, and all is compared afterwards."""
        free = await self.session.editable(values)
        wanted = {label: value for label, value in values.items() if label in free}
        await self.session.fill(wanted, accepts=tuple(Match))

    async def prepare(self, employer: Employer) -> None:
        """See that nothing is missing for the commit: the button, and a promise that is ticked.

        Raises:
            NeedsPerson: the page wants an undertaking that the employer has not given.
        """
        if await self.session.has(_PROMISE):
            if not employer.purpose_accepted:
                raise NeedsPerson(
                    "平台要求勾选承诺或告知，表格中“资金用途告知确认”不是“是”", "请单位阅读并确认后填“是”"
                )
            await self.session.fill({_PROMISE: True})
        await self.session.require(_SUBMIT)

    async def submit(self) -> None:
        """提交, and yes where it asks; its words prove nothing.

        Raises:
            Refused: the portal refused.
            Unavailable: it did not say that it was done.
        """
        await self.session.mark()  # a hint that stood there before tells nothing
        await self.session.submit(lambda: self.session.click(_SUBMIT), _DONE, occasion=_SUBMITTING)
