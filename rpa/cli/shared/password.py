"""Asking for a workbook's password without showing it."""

from __future__ import annotations

from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from rpa.errors import UserError
from rpa.privacy.masks import register_secret


def ask_password(workbook: Path) -> Callable[[], str]:
    """A function that asks for the password, once and only when it is called."""
    answers: list[str] = []

    def ask() -> str:
        if not answers:
            try:
                answers.append(register_secret(getpass(f"{workbook.name} 已加密，请输入打开密码：")))
            except EOFError:
                raise UserError(f"{workbook.name} 已加密，而本终端无法输入密码") from None
        return answers[0]

    return ask
