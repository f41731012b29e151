"""Stored logins: the workbook holds a login's name, the machine its account and password.

They are looked for in this order, and the first place that has the name wins:

1. the environment variable ``RPA_LOGINS``, for servers and CI: JSON such as
   ``{"<portal>": {"张三经办": {"account": "…", "password": "…"}}}``;
2. ``logins.toml`` in the user's folder, of the same shape: ``[<portal>."张三经办"]``
   (``rpa.credentials.file``);
3. the system's keyring; ``logins.toml`` then holds the names alone.

A portal at another address has logins of its own (``<portal>@http://127.0.0.1:8410``, see
:class:`rpa.filing.PortalKey`), so that a rehearsal never types a real password.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rpa.credentials.file import IN_KEYRING, Entries, Entry, LoginFile, checked
from rpa.credentials.keyring import MOST_BYTES, Ring
from rpa.errors import UserError
from rpa.identifiers import credit_code
from rpa.privacy.masks import hide, register_secret

VARIABLE = "RPA_LOGINS"
FILE = "logins.toml"
_LONGEST_NAME = 64


class Source(StrEnum):
    """Where a login is kept."""

    ENVIRONMENT = "environment"
    FILE = "file"
    KEYRING = "keyring"

    @property
    def chinese(self) -> str:
        """What operators call it."""
        return {"environment": f"环境变量 {VARIABLE}", "file": "文件", "keyring": "系统钥匙串"}[self]


@dataclass(frozen=True, slots=True)
class Credential:
    """What a login is made with; neither half is ever shown, not even by ``repr``."""

    account: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredLogin:
    """A login's name, and where its secrets are."""

    portal: str
    """Its key, with its environment."""
    name: str
    """登录账号 as the workbook writes it."""
    source: Source


class Credentials:
    """The logins that this machine knows.

    Args:
        home: the user's folder.
    """

    def __init__(self, home: Path) -> None:
        self.file = LoginFile(home / FILE)
        """The file of names, and of secrets where there is no keyring."""

    @property
    def keyring(self) -> str:
        """What operators call this system's keyring; empty where there is none.

        Raises:
            UserError: one is configured and cannot be loaded.
        """
        ring = Ring.find()
        return ring.name if ring else ""

    def get(self, portal: str, name: str) -> Credential | None:
        """The login of that name at a portal, if it is known; never written to a log from now on.

        May wait for the keyring, so not for an event loop.

        Args:
            portal: the key, with its environment.
            name: 登录账号.

        Raises:
            UserError: it is known but cannot be read (others may read the file, the keyring is locked).
        """
        entry = self._entry(portal, name)
        if entry is None or entry == IN_KEYRING:
            return _in_keyring(portal, name)
        return _known(entry["account"], entry["password"])

    def has(self, portal: str, name: str) -> bool:
        """Whether a login is known here; asks the keyring only where neither variable nor file names it.

        Raises:
            UserError: variable or file cannot be read.
        """
        if self._entry(portal, name) is not None:
            return True
        try:
            return _in_keyring(portal, name) is not None
        except UserError:  # locked or broken: it cannot be told
            return False

    def names(self) -> tuple[StoredLogin, ...]:
        """Every login known here, by portal and name; nothing is asked of the keyring.

        Raises:
            UserError: variable or file cannot be read.
        """
        sources = {
            (portal, name): Source.KEYRING if entry == IN_KEYRING else Source.FILE
            for portal, logins in self.file.read().items()
            for name, entry in logins.items()
        }
        for portal, logins in _environment().items():
            sources |= dict.fromkeys(((portal, name) for name in logins), Source.ENVIRONMENT)
        return tuple(StoredLogin(*login, source) for login, source in sorted(sources.items()))

    def passwords_at_hand(self) -> frozenset[str]:
        """The passwords that this machine knows without asking its keyring.

        Raises:
            UserError: variable or file cannot be read.
        """
        places = (*self.file.read().values(), *_environment().values())
        entries = (entry for logins in places for entry in logins.values())
        return frozenset(entry["password"] for entry in entries if entry != IN_KEYRING)

    def set(self, portal: str, name: str, credential: Credential, *, into: Source | None = None) -> Source:
        """Keep a login, in place of an old one of that name.

        Args:
            portal: the key, with its environment.
            name: 登录账号.
            credential: account and password.
            into: keyring or file; left out: the keyring, or the file where there is none.

        Returns:
            Where it is now.

        Raises:
            UserError: a value cannot be kept, or the place cannot be written.
        """
        text = _checked_text(name, credential)
        _known(credential.account, credential.password)
        old = self.file.read().get(portal, {}).get(name)
        ring = None if into is Source.FILE else Ring.find()
        if ring is not None:
            ring.set(_key(portal, name), text)
            self.file.put(portal, name, IN_KEYRING)
            return Source.KEYRING
        if into is Source.KEYRING:
            raise UserError("本机没有系统钥匙串")
        self.file.put(portal, name, {"account": credential.account, "password": credential.password})
        if old == IN_KEYRING:
            _remove_from_keyring(portal, name)
        return Source.FILE

    def remove(self, portal: str, name: str) -> None:
        """Forget a login.

        Raises:
            UserError: there is none of that name, or it stands where only its owner can remove it.
        """
        entry = self.file.read().get(portal, {}).get(name)
        removed = entry in (None, IN_KEYRING) and _remove_from_keyring(portal, name)
        if entry is not None:
            self.file.put(portal, name, None)
        elif name in _environment().get(portal, {}):
            raise UserError(f"登录“{name}”来自环境变量 {VARIABLE}，请在那里删除")
        elif not removed:
            raise UserError(f"没有保存过登录“{name}”，已保存的见 rpa secrets list")

    def _entry(self, portal: str, name: str) -> Entry | None:
        for entries in (_environment, self.file.read):
            if (entry := entries().get(portal, {}).get(name)) is not None:
                return entry
        return None


def _environment() -> Entries:
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return {}
    try:
        return checked(json.loads(text), f"环境变量 {VARIABLE}")
    except json.JSONDecodeError:
        # Not chained: the error holds the whole text.
        raise UserError(f"环境变量 {VARIABLE} 不是有效的 JSON") from None


def _key(portal: str, name: str) -> str:
    """A login's entry in the keyring; no portal's key has a space."""
    return f"{portal} {name}"


def _in_keyring(portal: str, name: str) -> Credential | None:
    ring = Ring.find()
    text = ring.get(_key(portal, name)) if ring else None
    if text is None:
        return None
    try:
        values = json.loads(text)
        return _known(values["account"], values["password"])
    except (ValueError, TypeError, KeyError):
        raise UserError(
            f"系统钥匙串中的登录“{name}”不是本程序保存的，请用 rpa secrets set 重新保存"
        ) from None


def _remove_from_keyring(portal: str, name: str) -> bool:
    ring = Ring.find()
    return ring is not None and ring.remove(_key(portal, name))


def _known(account: str, password: str) -> Credential:
    """Account as well as password are never written down: an account may be somebody's ID number.

    A unit's may be its 统一社会信用代码, though, which is public, and which the evidence must show.
    """
    if not _is_public(account):
        hide(account)
    return Credential(account, register_secret(password))


def _is_public(account: str) -> bool:
    """Whether an account is a credit code that cannot be an ID number (no division's begins with 9)."""
    personal = re.fullmatch(r"[1-8]\d{16}[\dX]", account)
    return not personal and not credit_code(account).problem


def _checked_text(name: str, credential: Credential) -> str:
    """Both values as one entry of a keyring.

    Raises:
        UserError: a value is empty, holds what nobody types, or is too long.
    """
    for what, value in (("登录账号", name), ("账号", credential.account), ("密码", credential.password)):
        if not value:
            raise UserError(f"{what}没有填写")
        if not value.isprintable():  # as copied with line ends or zero-width characters
            raise UserError(f"{what}中有看不见的字符，请手工输入，不要复制")
    text = json.dumps({"account": credential.account, "password": credential.password}, ensure_ascii=False)
    if len(name) > _LONGEST_NAME or len(text.encode("utf-16-le")) > MOST_BYTES:
        raise UserError("登录账号、账号或密码过长")
    return text
