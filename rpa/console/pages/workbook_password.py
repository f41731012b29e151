"""The password of an encrypted workbook: asked for in the page, used once, stored nowhere."""

from __future__ import annotations

from collections.abc import Callable

from rpa.console.endpoints import JsonObject
from rpa.errors import UserError
from rpa.privacy.masks import register_secret


class PasswordWantedError(UserError):
    """The workbook is encrypted and nobody has typed its password yet."""


def posted_password(posted: JsonObject) -> Callable[[], str]:
    """A function that returns the password that was posted; it is called only where one is needed.

    Raises:
        PasswordWantedError: (the function) nobody posted one.
    """

    def password() -> str:
        text = posted.get("password")
        if not isinstance(text, str) or not text:
            raise PasswordWantedError("这份工作簿有打开密码")
        return register_secret(text)

    return password
