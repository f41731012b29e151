"""``logins.toml``: the names of the stored logins, and their secrets where there is no keyring.

It is its owner's alone: a file that others may read is refused, since its passwords are no longer secret.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rpa.errors import UserError
from rpa.files import private_folder, write_private

Entry = dict[str, str]
"""``account`` and ``password``, or :data:`IN_KEYRING`."""
Entries = Mapping[str, Mapping[str, Entry]]
"""Portal → name of a login → what is kept of it."""

IN_KEYRING: Entry = {"kept_in": "keyring"}
"""Says that the keyring has the secrets: a keyring cannot list what it holds."""

_KEYS = ({"account", "password"}, set(IN_KEYRING))
_HEAD = "# 由 rpa secrets 维护，仅本人可读，请勿外传。\n"


class LoginFile:
    """The file, read whenever it is asked; safe to change from several processes at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exposed(self) -> bool:
        """Whether the file is there and others may read it (on Windows the user's folder is closed)."""
        return os.name == "posix" and self.path.exists() and _open_to_others(self.path.stat())

    def read(self) -> Entries:
        """What is kept; nothing where there is no file.

        Raises:
            UserError: others may read the file, or it is damaged. Never quotes from it.
        """
        try:
            with self.path.open("rb") as file:
                if os.name == "posix" and _open_to_others(os.fstat(file.fileno())):
                    raise UserError(
                        f"{self.path} 其他用户可以读取，里面的密码可能已泄露：请运行 chmod 600 {self.path}，"
                        "并到平台更改密码"
                    )
                return checked(tomllib.loads(file.read().decode("utf-8-sig")), str(self.path))
        except FileNotFoundError:
            return {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            # Not chained: these errors hold the whole text.
            raise UserError(
                f"{self.path} 不是有效的 TOML，请更正；或删除它，再用 rpa secrets set 保存"
            ) from None
        except OSError as error:
            raise UserError(f"读不了 {self.path}：{error.strerror}") from error

    def put(self, portal: str, name: str, entry: Entry | None) -> None:
        """Keep one login's entry in place of its old one; ``None`` removes it.

        Raises:
            UserError: the file cannot be read or written.
        """
        from filelock import FileLock  # reading needs no lock

        try:
            private_folder(self.path.parent)
            with FileLock(self.path.with_suffix(".lock"), mode=0o600):
                entries = {key: dict(logins) for key, logins in self.read().items()}
                if entry is not None:
                    entries.setdefault(portal, {})[name] = entry
                else:
                    entries.get(portal, {}).pop(name, None)
                write_private(self.path, (_HEAD + _toml(entries)).encode())
        except OSError as error:
            raise UserError(f"写不了 {self.path}：{error.strerror}") from error


def checked(values: Any, place: str) -> Entries:
    """Values as a person or :meth:`LoginFile.put` wrote them.

    Args:
        values: read from TOML or JSON.
        place: where they stand, for the message.

    Raises:
        UserError: they are something else.
    """
    logins = _members(values)
    if logins is not None and all(_is_entry(entry) for each in logins for entry in each.values()):
        entries: Entries = values
        return entries
    raise UserError(f"{place} 的内容不合要求，应为：平台 → 登录账号 → account、password 两项文本")


def _members(values: Any) -> list[dict[str, Any]] | None:
    """The logins of each portal, or None if the values have another shape."""
    if isinstance(values, dict) and all(isinstance(logins, dict) for logins in values.values()):
        return list(values.values())
    return None


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) in _KEYS
        and all(isinstance(value, str) and value for value in entry.values())
    )


def _open_to_others(status: os.stat_result) -> bool:
    return bool(status.st_mode & 0o077)


def _toml(entries: Entries) -> str:
    return "".join(
        f"\n[{_quoted(portal)}.{_quoted(name)}]\n"
        + "".join(f"{key} = {_quoted(value)}\n" for key, value in entry.items())
        for portal, logins in sorted(entries.items())
        for name, entry in sorted(logins.items())
    )


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, which leaves DEL as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
