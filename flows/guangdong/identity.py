"""G2: 广东省统一身份认证平台, at an address of its own; some of its ways a person must go."""

from __future__ import annotations

from flows.guangdong.interruptions import DIALOG
from flows.guangdong.login import IN, AccountForm
from rpa.browser.dialog import words_of
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Screen
from rpa.browser.waiter import Seen, Sign
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

    async def by_account(self, attempt: Attempt) -> Seen:
        """账号密码, from the stored logins; says where that has led (one of ``IN``)."""
        await self.choose("账号密码")
        form = await AccountForm.arrive(self.session)
        return await form.log_in(attempt)

    async def by_scan(self, attempt: Attempt) -> Seen:
        """微信扫码: the picture goes to a person with a phone."""
        await self.choose("微信扫码")
        tries = attempt.settings.operator.captcha_tries
        for _ in range(tries):
            await attempt.ask_scan(await self._picture(), self._picture, _SCAN)
            seen = await self._led("扫码", _LAPSED)
            if seen.sign is not _LAPSED:
                return seen
        raise Unanswered(f"二维码连续 {tries} 次失效")

    async def by_certificate(self, attempt: Attempt, certificate: str) -> Seen:
        """网银证书 or CA证书: a person does it in the window, the medium in hand."""
        await self.choose(certificate)
        await attempt.take_over(
            f"请在浏览器窗口中用该单位的{certificate}登录：插入证书介质、输入证书密码、点击“登录”，"
            "回到人社网厅后再答复"
        )
        return await self._led(f"{certificate}登录")

    async def _picture(self) -> bytes:
        """The QR code, another one where it has lapsed."""
        seen = await self.session.see(_LAPSED, Sign("请使用微信扫描二维码登录"))
        if seen.sign is _LAPSED:
            await self.session.click(_PICTURE)
            await self.session.see(Sign(_LAPSED.text, gone=True))
        return await self.session.image_at(_PICTURE)

    async def _led(self, what: str, *signs: Sign) -> Seen:
        """Where it has led what a person said was done."""
        try:
            seen = await self.session.see(*IN, *signs, otherwise=DIALOG)
        except PortalChanged:
            raise Unanswered(f"{what}没有完成", "请确认后重新运行") from None
        if seen.sign is DIALOG:
            raise NeedsPerson(f"登录时平台提示：{words_of(seen)}")
        return seen
