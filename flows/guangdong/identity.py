"""G2: 广东省统一身份认证平台, at an address of its own; some of its ways a person must go."""

from __future__ import annotations

from flows.guangdong.interruptions import DIALOG
from flows.guangdong.login import IN, AccountForm
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Screen
from rpa.browser.shown_image import ShownImage
from rpa.browser.signs import Refusal, Seen, Sign
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import NeedsPerson, PortalChanged, Unanswered

_PICTURE = Spot("二维码", kind=ControlKind.PICTURE)
_LAPSED = Sign("二维码已失效")
_SCAN = "请用该单位的电子营业执照（微信扫一扫）扫描二维码，在手机上确认登录"


class Identity(Screen):
    """法人登录 and its ways."""

    landmark = (Sign("法人登录"),)

    async def choose(self, way: str) -> None:
        """法人登录 → 账号密码, 微信扫码, 网银证书 or CA证书."""
        await self.session.click("法人登录")
        await self.session.click(way)

    async def log_in(self, attempt: Attempt, way: str) -> Seen:
        """Log in this way; says where that has led (one of ``IN``)."""
        await self.choose(way)
        if way == "账号密码":
            return await (await AccountForm.arrive(self.session)).log_in(attempt)
        if way == "微信扫码":
            return await self._scan(attempt)
        return await self._use_certificate(attempt, way)

    async def _scan(self, attempt: Attempt) -> Seen:
        """The QR code goes to a person with a phone."""
        tries = attempt.settings.operator.captcha_tries
        for _ in range(tries):
            await attempt.person.scan(await self._picture(), self._picture, _SCAN)
            seen = await self._led("扫码", _LAPSED)
            if seen.sign is not _LAPSED:
                return seen
        raise Unanswered(f"二维码连续 {tries} 次失效")

    async def _use_certificate(self, attempt: Attempt, certificate: str) -> Seen:
        """A person does it in the window, the medium in hand."""
        await attempt.person.take_over(
            f"请在浏览器窗口中用该单位的{certificate}登录：插入证书介质、输入证书密码、点击“登录”，"
            "回到人社网厅后再答复"
        )
        return await self._led(f"{certificate}登录")

    async def _picture(self) -> ShownImage:
        """The QR code, another one where it has lapsed."""
        seen = await self.session.see(_LAPSED, Sign("请使用微信扫描二维码登录"))
        if seen.sign is _LAPSED:
            await self.session.click(_PICTURE)
            await self.session.see(Sign(_LAPSED.text, gone=True))
        return await self.session.image_at(_PICTURE)

    async def _led(self, what: str, *signs: Sign) -> Seen:
        """Where it has led what a person said was done."""
        try:
            refused = Refusal(DIALOG, NeedsPerson, "登录时平台提示")
            return await self.session.see(*IN, *signs, otherwise=refused)
        except PortalChanged:
            raise Unanswered(f"{what}没有完成", "请确认后重新运行") from None
