"""Keyrings that are locked, broken, switched off or full of other things: told in Chinese, never a secret."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

import pytest
from keyring.errors import KeyringLocked

from rpa.credentials.keyring import SERVICE, Ring
from rpa.credentials.store import Credential, Credentials, Source
from rpa.errors import UserError
from tests.cli.keyrings import FailingKeyring, MemoryKeyring, use

GD, NAME = "guangdong", "张三经办"
LOGIN = Credential("440103-account", 'pa"ss\\wörd 密')


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyringLocked, "系统钥匙串锁着"),
        (RuntimeError, "系统钥匙串不能用（RuntimeError）"),
        (OSError, "不能用"),
    ],
)
def test_a_keyring_that_fails_is_told_in_chinese(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch, error: type[Exception], said: str
) -> None:
    use(monkeypatch, FailingKeyring(error))
    actions: list[Callable[[], object]] = [
        lambda: credentials.get(GD, NAME),
        lambda: credentials.set(GD, NAME, LOGIN),
        lambda: credentials.remove(GD, NAME),
    ]
    for action in actions:
        with pytest.raises(UserError, match=said) as caught:
            action()
        assert "RPA_LOGINS" in str(caught.value)
        assert LOGIN.password not in "".join(traceback.format_exception(caught.value))
    assert not credentials.has(GD, NAME)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux' keyrings speak D-Bus")
def test_errors_that_a_keyring_lets_through_are_told_too(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    from secretstorage.exceptions import SecretServiceNotAvailableException  # noqa: PLC0415

    use(monkeypatch, FailingKeyring(SecretServiceNotAvailableException))
    with pytest.raises(UserError, match="SecretServiceNotAvailableException"):
        credentials.get(GD, NAME)


@pytest.mark.parametrize("named", ["no.such.module.Keyring", "keyring.backends.fail.Nothing", "x"])
def test_a_keyring_that_cannot_be_loaded_is_told(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)
    with pytest.raises(UserError, match="PYTHON_KEYRING_BACKEND"):
        credentials.set(GD, NAME, LOGIN)
    assert credentials.set(GD, NAME, LOGIN, into=Source.FILE) is Source.FILE
    assert credentials.get(GD, NAME) == LOGIN


def test_a_keyring_that_was_switched_off_counts_as_none(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert credentials.keyring == ""
    with pytest.raises(UserError, match="没有系统钥匙串"):
        credentials.set(GD, NAME, LOGIN, into=Source.KEYRING)


@pytest.mark.parametrize("text", ["plain", "{}", '{"account": 1, "password": "b"}', "[]"])
def test_a_strange_entry_of_the_keyring_is_told(
    credentials: Credentials, ring: MemoryKeyring, text: str
) -> None:
    ring.kept[SERVICE, f"{GD} {NAME}"] = text
    with pytest.raises(UserError, match="不是本程序保存的"):
        credentials.get(GD, NAME)


def test_a_keyring_has_a_name_that_operators_know(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyring(MemoryKeyring):
        """As ``keyring.backends.SecretService`` has one."""

    Keyring.__module__ = "keyring.backends.SecretService"
    assert Ring(Keyring()).name == "Secret Service，如 GNOME 钥匙串"
    chain = MemoryKeyring()
    vars(chain)["backends"] = [Keyring(), MemoryKeyring()]
    assert Ring(chain).name == "Secret Service，如 GNOME 钥匙串"
    assert Ring(MemoryKeyring()).name == "keyrings MemoryKeyring"
