"""A question at the terminal whose answer everybody may see."""

from __future__ import annotations

import sys

from rpa.errors import UserError


def ask_at_terminal(question: str, *, no_terminal: str) -> str:
    """Ask on standard error; returns the answer in small letters, without outer spaces.

    Args:
        question: printed as it is.
        no_terminal: the error's message.

    Raises:
        UserError: standard input is no terminal, so there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise UserError(no_terminal)
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower()
