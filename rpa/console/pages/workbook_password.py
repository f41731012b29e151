"""The password of an encrypted workbook: asked for in the page, used once, kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rpa.errors import UserError
from rpa.privacy.masks import register_secret


class PasswordWantedError(UserError):
    """The workbook is encrypted and nobody has said its password yet."""


def given(posted: Mapping[str, Any]) -> Callable[[], str]:
    """A function that says the password that was posted; it is called only where one is needed.

    Raises:
        PasswordWantedError: (the function) nobody posted one.
    """

    def say() -> str:
        password = posted.get("password")
        if not isinstance(password, str) or not password:
            raise PasswordWantedError("这份工作簿有打开密码")
        return register_secret(password)

    return say
