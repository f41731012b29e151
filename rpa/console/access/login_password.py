"""The password for people at other machines: stored as a slow hash, five guesses a minute at most."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rpa.errors import UserError
from rpa.files import write_private

_SHORTEST = 10
_COST = {"n": 2**15, "r": 8, "p": 1}
"""Of scrypt: a tenth of a second and 32 MB for each guess."""
_MEMORY = 64 * 1024 * 1024
_GUESSES = 5
_MINUTE = 60.0


class TooManyGuessesError(UserError):
    """Somebody guesses: nobody is let in for a while, not even with the right password."""


class Password:
    """One password for all who may use the console from elsewhere.

    Args:
        home: the user's folder.
        clock: seconds that only grow.
    """

    def __init__(self, home: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = home / "console" / "password"
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._wrong: list[float] = []
        self._closed_until = -math.inf

    @property
    def known(self) -> bool:
        """Whether one was set."""
        return self._path.is_file()

    def set(self, text: str) -> None:
        """Replace the password.

        Raises:
            UserError: it is too short.
        """
        if len(text) < _SHORTEST:
            raise UserError(f"密码至少要 {_SHORTEST} 个字符")
        salt = secrets.token_bytes(16)
        stored = {"salt": salt.hex(), "hash": _hash(text, salt, _COST).hex(), **_COST}
        write_private(self._path, json.dumps(stored).encode())

    def check(self, text: str) -> bool:
        """Whether it is the right one; that takes as long when it is not.

        Raises:
            TooManyGuessesError: five were wrong within a minute, whoever typed them.
        """
        with self._one_at_a_time:
            if self._clock() < self._closed_until:
                raise TooManyGuessesError("密码输错次数太多，请过一分钟再试")
            right = self._is(text)
            if not right:
                self._count_wrong()
            return right

    def _count_wrong(self) -> None:
        now = self._clock()
        self._wrong = [*(at for at in self._wrong if now - at < _MINUTE), now]
        if len(self._wrong) >= _GUESSES:
            self._wrong, self._closed_until = [], now + _MINUTE

    def _is(self, text: str) -> bool:
        try:
            stored: Mapping[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        cost = {name: int(stored[name]) for name in _COST}
        guess = _hash(text, bytes.fromhex(stored["salt"]), cost)
        return hmac.compare_digest(guess, bytes.fromhex(stored["hash"]))


def _hash(text: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return hashlib.scrypt(text.encode(), salt=salt, maxmem=_MEMORY, dklen=32, **cost)
