"""Who may use the console: one-time codes, and the sessions that they are exchanged for.

Both are files of the user's own folder that bear a fingerprint as their name, so a restart of the
server loses nobody, another process of the same user can make a code, and a file that leaks opens
nothing.
"""

from __future__ import annotations

import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rpa.console.access.login_password import Password
from rpa.files import private_folder, write_private

_CODE_SECONDS = 600.0
SESSION_SECONDS = 12 * 3600
"""A working day; answering goes on as long as it lasts."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with a session."""

    key: str
    """Names the session, and opens nothing."""
    name: str
    """As the audit trail names them."""


class ConsoleSessions:
    """Codes and sessions, as files under ``home/console``."""

    def __init__(self, home: Path) -> None:
        self._codes = private_folder(home / "console" / "codes")
        self._sessions = private_folder(home / "console" / "sessions")
        self.password = Password(home)
        """For people at other machines."""

    def new_code(self) -> str:
        """A code that is exchanged for one session, within ten minutes."""
        self._sweep()
        code = secrets.token_urlsafe(32)
        _write(self._codes / _fingerprint(code), {"until": time.time() + _CODE_SECONDS})
        return code

    def redeem(self, code: str) -> bool:
        """Use up a code; returns whether it was good, which it is for one asker alone."""
        path = self._codes / _fingerprint(code)
        good = _alive(_read(path))
        try:
            path.unlink()
        except OSError:
            return False
        return good

    def begin(self, name: str) -> str:
        """A session for a person; returns its token, which only the cookie holds."""
        token = secrets.token_urlsafe(32)
        self._save(_fingerprint(token), name)
        return token

    def visitor(self, token: str) -> Visitor | None:
        """Who has this session; none where there is no such session any more."""
        key = _fingerprint(token)
        facts = _read(self._sessions / key)
        return Visitor(key, str(facts["name"])) if facts and _alive(facts) else None

    def rename(self, visitor: Visitor, name: str) -> None:
        """Let the session go on under another person's name."""
        self._save(visitor.key, name)

    def end(self, visitor: Visitor) -> None:
        """End the visitor's session; its cookie opens nothing any more."""
        (self._sessions / visitor.key).unlink(missing_ok=True)

    def _save(self, key: str, name: str) -> None:
        _write(self._sessions / key, {"name": name, "until": time.time() + SESSION_SECONDS})

    def _sweep(self) -> None:
        for path in (*self._codes.iterdir(), *self._sessions.iterdir()):
            facts = _read(path)
            if facts is not None and not _alive(facts):  # another process's draft cannot be read yet
                path.unlink(missing_ok=True)


def _fingerprint(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _write(path: Path, facts: dict[str, object]) -> None:
    write_private(path, json.dumps(facts).encode())


def _read(path: Path) -> dict[str, object] | None:
    with suppress(OSError, ValueError):
        facts = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(facts, dict):
            return facts
    return None


def _alive(facts: dict[str, object] | None) -> bool:
    until = facts.get("until") if facts else None
    return isinstance(until, int | float) and time.time() < until
