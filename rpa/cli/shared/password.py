"""Asking for a workbook's password without showing it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path

from rpa.errors import UserError
from rpa.privacy.masks import register_secret


def password_prompt(workbook: Path) -> Callable[[], str]:
    """A function that asks for the password, once and only when it is called.

    The function must be called in the main thread; Ctrl+C at its question ends the command.

    Raises:
        UserError: (the function) this terminal cannot take a password.
    """
    answers: list[str] = []

    def ask() -> str:
        if not answers:
            try:
                with _ctrl_c_ends_the_command():
                    answers.append(register_secret(getpass(f"{workbook.name} 已加密，请输入打开密码：")))
            except EOFError:
                raise UserError(f"{workbook.name} 已加密，而本终端无法输入密码") from None
        return answers[0]

    return ask


@contextmanager
def _ctrl_c_ends_the_command() -> Iterator[None]:
    """Even where Ctrl+C otherwise asks a worker to stop: before the question is answered nothing runs."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
