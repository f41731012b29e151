"""Sessions that outlive a run, where a portal's settings allow it: cookies and storage, sealed in files.

Whoever holds such a state is signed in. So it is sealed with the ledger's key, bound to portal, address
and login, readable by its owner alone, and has an end.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from rpa.errors import UserError
from rpa.files import write_private
from rpa.privacy.sealing import Seal

if TYPE_CHECKING:
    from playwright.async_api import StorageState

_FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Binding:
    """Where alone a kept state may be used."""

    portal: str
    """Its key in the ledger."""
    origin: str
    """Of its address."""
    login: str
    """Opaque, as :attr:`rpa.ledger.data.Task.login` names it."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """What a portal remembers of a login."""

    state: StorageState = field(repr=False)
    until: datetime
    """Its end (aware)."""


class SessionStore:
    """The states kept on this machine.

    Args:
        folder: theirs alone.
        seal: the ledger's.
    """

    def __init__(self, folder: Path, seal: Seal) -> None:
        self._folder = folder
        self._seal = seal

    def load(self, binding: Binding) -> StoredSession | None:
        """A state to open a session with; what is over, or of no use here, is thrown away."""
        try:
            sealed = self._path(binding).read_text(encoding="ascii")
            values = json.loads(self._seal.open(sealed))
        except FileNotFoundError:
            return None
        except (OSError, UserError, ValueError):
            logger.warning("保存的登录状态读不了，不再使用")
            self.discard(binding)
            return None
        if isinstance(values, dict) and values.get("bound") == _bound(binding):
            until = datetime.fromisoformat(values["until"])
            if until > datetime.now(UTC):
                return StoredSession(values["state"], until)
        self.discard(binding)
        return None

    def save(self, binding: Binding, kept: StoredSession) -> None:
        """Keep a state until its end; a disk that cannot take it costs a login later, and nothing else."""
        values = {"bound": _bound(binding), "until": kept.until.isoformat(), "state": kept.state}
        try:
            write_private(self._path(binding), self._seal.seal(json.dumps(values)).encode())
        except OSError as error:
            logger.warning("登录状态没有保存：{}", error.strerror)
            self.discard(binding)

    def discard(self, binding: Binding) -> None:
        """Throw a state away."""
        with suppress(OSError):
            self._path(binding).unlink(missing_ok=True)

    def _path(self, binding: Binding) -> Path:
        return self._folder / f"{binding.login}.sealed"


def _bound(binding: Binding) -> list[str]:
    return [_FORMAT, binding.portal, binding.origin, binding.login]
