"""H8, H9, H12 and H13: the form, the notice of what the money is for, saving, materials."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from flows.henan.interruptions import DIALOG
from rpa.browser.labels.spots import ControlContent, ControlKind, Match, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Refusal, Sign
from rpa.errors import NeedsPerson, Refused, Unavailable
from rpa.filing import Employer

_SAVED = Sign("稳岗补贴申请申报成功")
_ALREADY = Sign("已经申请过稳岗补贴")
_PURPOSE = Sign("人社部发〔2019〕23号")
_OK = Spot("确定", kind=ControlKind.BUTTON)


class RefundForm(Screen):
    """H8: 稳岗返还申请."""

    landmark = (Sign("请认真阅读河南省稳岗返还资金用途告知"),)

    def identity(self, employer: Employer) -> Mapping[str, str]:
        """What the page must say about the unit before anything is typed."""
        shown = {"单位名称": employer.name, "统一社会信用代码": employer.code}
        return shown | ({"单位编号": employer.unit_number} if employer.unit_number else {})

    async def values(self, employer: Employer, year: int) -> Mapping[str, str]:
        """What is filled in: not what the row leaves empty, nor an optional field that the page lacks."""
        wanted = {
            "申请年度": str(year),
            "联系人": employer.contact,
            "联系方式": employer.phone,
            "发放方式": employer.payment,
            "户名": employer.account_name,
            "开户银行": employer.bank,
            "银行账号": employer.account,
        }
        optional = self.session.portal.optional_fields
        there = await asyncio.gather(*(self.session.has(label) for label in optional))
        lacking = {label for label, here in zip(optional, there, strict=True) if not here}
        return {label: value for label, value in wanted.items() if value and label not in lacking}

    async def read(self, labels: Iterable[str]) -> Mapping[str, ControlContent]:
        """What the page holds under these labels."""
        return await self.session.read(labels)

    async def fill(self, values: Mapping[str, str]) -> None:
        """Fill the form; what it holds then is compared later."""
        await self.session.fill(values, accepts=tuple(Match))

    async def read_purpose(self, employer: Employer, words: Mapping[str, str]) -> None:
        """Open 资金用途告知, wait out its countdown and tick its box, where the edition has them.

        Args:
            employer: the row must say 资金用途告知确认 = 是: the undertaking is the employer's own.
            words: of the edition; ``告知确认框`` is missing where there is neither box nor countdown.

        Raises:
            NeedsPerson: the employer has not confirmed it.
        """
        if not employer.purpose_accepted:
            raise NeedsPerson("表格中“资金用途告知确认”不是“是”", "请单位阅读告知并确认后填“是”")
        await self.session.click("请认真阅读河南省稳岗返还资金用途告知")
        await self.session.see(_PURPOSE)
        if box := words.get("告知确认框"):
            held = await self.session.fill({Spot(box, kind=ControlKind.CHECKBOX): True}, accepts=tuple(Match))
            if held[box].match is not Match.SAME:
                raise Unavailable(f"“{box}”一直不能勾选")

    async def accept_purpose(self, words: Mapping[str, str]) -> None:
        """Confirm the notice that is open: ``告知按钮`` of the edition."""
        await self.session.click(Spot(words["告知按钮"], kind=ControlKind.BUTTON))
        await self.session.see(Sign(_PURPOSE.text, gone=True))

    async def save(self) -> bool:
        """保存, up to the portal's answer. "申报成功" means saved, not submitted (portals.md, 1).

        Returns:
            False when the portal says that the unit has applied already.

        Raises:
            Refused: with the portal's own words.
        """
        await self.session.click(Spot("保存", kind=ControlKind.BUTTON))
        refused = Refusal(DIALOG, Refused, "保存时平台提示")
        seconds = self.session.portal.save_seconds
        seen = await self.session.see(_SAVED, _ALREADY, otherwise=refused, seconds=seconds)
        return seen.sign is _SAVED

    async def close_answer(self) -> None:
        """确定, under the portal's answer to 保存."""
        await self.session.click(_OK)

    async def upload(self, materials: Sequence[Path]) -> None:
        """采集电子材料: 企业相关证明材料 (not required by the portal)."""
        await self.session.click(Spot("采集电子材料", kind=ControlKind.BUTTON))
        await self.session.see(Sign("申报电子材料上传"))
        for material in materials:
            await self.session.mark()
            await self.session.upload(Spot("企业相关证明材料", kind=ControlKind.FILE), [material])
            await self.session.click(Spot("上传", kind=ControlKind.BUTTON))
            await self.session.see(Sign("本次上传", fresh=True))
        await self.session.click(_OK)

    async def print(self) -> None:
        """打印申报表, in a new window."""
        await self.session.click(Spot("打印申报表", kind=ControlKind.BUTTON))
