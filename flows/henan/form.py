"""H8, H9, H12 and H13: the form, the notice of what the money is for, saving, materials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rpa.browser.labels.spots import ControlContent, ControlKind, Match, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.browser.speech import Heard, Occasion, Tone
from rpa.errors import NeedsPerson, Unavailable
from rpa.filing import Employer

_NOTICE = "请认真阅读河南省稳岗返还资金用途告知"
_PURPOSE = Sign("人社部发〔2019〕23号")
_OPENED = Sign(_PURPOSE.text, dialog=True)
_BOX = Spot("告知确认框", kind=ControlKind.CHECKBOX)
_AGREE = Spot("告知按钮", kind=ControlKind.BUTTON)
_OK = Spot("确定", kind=ControlKind.BUTTON)
_PROOF = Spot("企业相关证明材料", kind=ControlKind.FILE)
_READING = Occasion("打开资金用途告知时平台提示", accepts={Tone.INFORMATION, Tone.QUESTION, Tone.UNKNOWN})
_TYPED = ("联系人", "联系方式", "银行账号")
"""What a new form does not hold by itself."""
_REFUSALS = {Tone.REFUSAL, Tone.TRANSIENT, Tone.EXPIRED, Tone.MAINTENANCE, Tone.QUESTION}
_SAVING = Occasion("保存时平台提示", accepts=frozenset(Tone) - _REFUSALS, answers=True)
_UPLOADING = Occasion("上传材料时平台提示", accepts={Tone.SUCCESS, Tone.UNKNOWN})


class RefundForm(Screen):
    """H8: 稳岗返还申请."""

    landmark = (Sign(_NOTICE),)

    def identity(self, employer: Employer) -> Mapping[str, str]:
        """What the page must say about the unit before anything is typed."""
        shown = {"单位名称": employer.name, "统一社会信用代码": employer.code}
        return shown | ({"单位编号": employer.unit_number} if employer.unit_number else {})

    async def take_up(self) -> None:
        """Close what is said over a form that holds what was saved before: no refusal, whatever it says."""
        there = await self.session.editable(_TYPED)
        held = await self.session.read(there)
        if any(one.text for one in held.values()):
            await self.session.close_all()

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
        optional = [label for label in wanted if self.session.portal.is_optional(label)]
        lacking = {*optional} - await self.session.readable(optional)
        return {label: value for label, value in wanted.items() if value and label not in lacking}

    async def read(self, labels: Iterable[str], *, filled: bool = False) -> Mapping[str, ControlContent]:
        """What the page holds under these labels; with ``filled``, once it has got its data."""
        return await self.session.read(labels, filled=filled)

    async def fill(self, values: Mapping[str, str]) -> None:
        """Fill the form; whatever it made of the values is held against the row afterwards."""
        await self.session.fill(values, accepts=tuple(Match))

    async def notice_stands(self) -> bool:
        """Whether 资金用途告知 has opened by itself, over the form (inferred)."""
        return await self.session.shows(_OPENED)

    async def read_purpose(self, employer: Employer) -> None:
        """Open 资金用途告知 unless it stands there; wait out its countdown, tick its box, where it has them.

        Args:
            employer: the row must say 资金用途告知确认 = 是: the undertaking is the employer's own.

        Raises:
            NeedsPerson: the employer has not confirmed it.
        """
        if not employer.purpose_accepted:
            raise NeedsPerson("表格中“资金用途告知确认”不是“是”", "请单位阅读告知并确认后填“是”")
        if not await self.notice_stands():
            await self.session.ask(lambda: self.session.click(_NOTICE), _PURPOSE, occasion=_READING)
        if box := await self.session.first_of(_BOX, Spot("", kind=ControlKind.CHECKBOX, above=True)):
            await self.session.fill({box: True})

    async def accept_purpose(self) -> None:
        """Confirm the notice that is open."""
        agree = await self.session.first_of(_AGREE, Spot("", kind=ControlKind.BUTTON, above=True))
        gone = Sign(_PURPOSE.text, gone=True)
        await self.session.push(agree or _AGREE, until=gone)
        await self.session.see(gone)

    async def save(self) -> Heard:
        """保存, up to the portal's answer. "申报成功" means saved, not submitted (portals.md, 1).

        Returns:
            What the portal said. Words that nobody knows prove nothing: whether it is saved shows on
            我的待提交业务.

        Raises:
            Refused: with the portal's own words.
        """
        click = Spot("保存", kind=ControlKind.BUTTON)
        seconds = self.session.portal.save_seconds
        return await self.session.ask(lambda: self.session.click(click), occasion=_SAVING, seconds=seconds)

    async def close_answer(self) -> None:
        """Close what the portal answered to 保存."""
        await self.session.close_all()

    async def upload(self, materials: Sequence[Path]) -> None:
        """采集电子材料: 企业相关证明材料 (not required by the portal).

        Raises:
            Unavailable: the dialog does not close.
        """
        await self.session.click(Spot("采集电子材料", kind=ControlKind.BUTTON))
        await self.session.see(Sign("申报电子材料上传"), Sign(_PROOF.label))
        send = Spot("上传", kind=ControlKind.BUTTON)
        await self.session.settle()
        control = await self.session.first_of(
            _PROOF,
            Spot("", kind=ControlKind.FILE, within=_PROOF.label),
            Spot("", kind=ControlKind.FILE, above=True),
        )
        for material in materials:
            await self.session.upload(control or _PROOF, [material])
            if await self.session.has(send):
                await self.session.click(send)
            await self.session.settle()
        gone = Sign(_PROOF.label, gone=True)
        heard = await self.session.ask(lambda: self.session.push(_OK, until=gone), gone, occasion=_UPLOADING)
        await self.session.close_all()
        if heard.sign is None and await self.session.shows(Sign(_PROOF.label)):
            raise Unavailable(f"采集电子材料没有完成：{heard.words}")

    async def print(self) -> None:
        """打印申报表."""
        await self.session.click(Spot("打印申报表", kind=ControlKind.BUTTON))
