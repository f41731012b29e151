"""Stored logins: which place wins, what is refused, and that no secret is ever said."""

from __future__ import annotations

import json
import os
import stat
import traceback
from pathlib import Path
from threading import Thread

import pytest

from rpa.credentials.keyring import MOST_BYTES, SERVICE
from rpa.credentials.store import VARIABLE, Credential, Credentials, Source, StoredLogin
from rpa.errors import UserError
from rpa.privacy.masks import forget_secret, known_secrets, redact
from tests.cli.keyrings import MemoryKeyring

GD, NAME = "guangdong", "张三经办"
LOGIN = Credential("440103-account", 'pa"ss\\wörd 密')
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_known_at_first(credentials: Credentials) -> None:
    assert credentials.get(GD, NAME) is None
    assert not credentials.has(GD, NAME)
    assert credentials.names() == ()
    assert credentials.keyring == ""
    assert not credentials.file.path.exists()


def test_without_a_keyring_the_file_keeps_it(credentials: Credentials) -> None:
    assert credentials.set(GD, NAME, LOGIN) is Source.FILE
    assert credentials.get(GD, NAME) == LOGIN
    assert credentials.names() == (StoredLogin(GD, NAME, Source.FILE),)
    assert os.name == "nt" or (mode(credentials.file.path), mode(credentials.file.path.parent)) == (
        0o600,
        0o700,
    )
    credentials.remove(GD, NAME)
    assert credentials.names() == ()
    assert LOGIN.password not in credentials.file.path.read_text(encoding="utf-8")


def test_the_keyring_keeps_it_and_the_file_its_name(credentials: Credentials, ring: MemoryKeyring) -> None:
    assert credentials.set(GD, NAME, LOGIN) is Source.KEYRING
    assert credentials.get(GD, NAME) == LOGIN
    assert credentials.names() == (StoredLogin(GD, NAME, Source.KEYRING),)
    assert list(ring.kept) == [(SERVICE, f"{GD} {NAME}")]
    text = credentials.file.path.read_text(encoding="utf-8")
    assert NAME in text
    assert LOGIN.account not in text
    credentials.remove(GD, NAME)
    assert (ring.kept, credentials.names()) == ({}, ())


def test_the_first_place_wins(
    credentials: Credentials, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials.set(GD, NAME, Credential("in ring", "1"), into=Source.KEYRING)
    text = credentials.file.path.read_text(encoding="utf-8")
    credentials.file.path.write_text(
        text.replace('kept_in = "keyring"', 'account = "in file"\npassword = "2"'), encoding="utf-8"
    )
    assert credentials.get(GD, NAME) == Credential("in file", "2")
    logins = {GD: {NAME: {"account": "in environment", "password": "3"}}}
    monkeypatch.setenv(VARIABLE, json.dumps(logins, ensure_ascii=False))
    assert credentials.get(GD, NAME) == Credential("in environment", "3")
    assert credentials.names() == (StoredLogin(GD, NAME, Source.ENVIRONMENT),)


def test_a_login_is_in_one_place_only(credentials: Credentials, ring: MemoryKeyring) -> None:
    credentials.set(GD, NAME, LOGIN)
    assert credentials.set(GD, NAME, LOGIN, into=Source.FILE) is Source.FILE
    assert ring.kept == {}
    assert credentials.set(GD, NAME, LOGIN) is Source.KEYRING
    assert LOGIN.account not in credentials.file.path.read_text(encoding="utf-8")


def test_portals_and_their_environments_have_logins_of_their_own(credentials: Credentials) -> None:
    there = f"{GD}@http://127.0.0.1:8410"
    credentials.set(there, NAME, LOGIN)
    assert credentials.get(GD, NAME) is None
    assert credentials.get("henan", NAME) is None
    assert credentials.get(there, NAME) == LOGIN


def test_a_file_written_by_hand(credentials: Credentials) -> None:
    path = credentials.file.path
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.write_text(
        f"\ufeff[{GD}.{json.dumps(NAME)}]\naccount = \"a\"\npassword = 'p\\q'\n", encoding="utf-8"
    )
    assert credentials.get(GD, NAME) == Credential("a", "p\\q")


@posix
def test_a_file_that_others_may_read_is_refused(credentials: Credentials) -> None:
    credentials.set(GD, NAME, LOGIN)
    for open_to in (0o640, 0o604, 0o620):
        credentials.file.path.chmod(open_to)
        assert credentials.file.exposed
        for attempt in (
            lambda: credentials.get(GD, NAME),
            lambda: credentials.has(GD, NAME),
            credentials.names,
            lambda: credentials.set(GD, "李四", LOGIN),
        ):
            with pytest.raises(UserError, match=r"其他用户可以读取.*chmod 600"):
                attempt()
    credentials.file.path.chmod(0o600)
    assert not credentials.file.exposed
    assert credentials.get(GD, NAME) == LOGIN


@pytest.mark.parametrize(
    "text",
    [
        f'[{GD}.a]\naccount = "x"\npassword = "{LOGIN.account}"\nrubbish',
        f'[{GD}.a]\naccount = "{LOGIN.account}"\n',
        f'[{GD}.a]\naccount = "{LOGIN.account}"\npassword = 1\n',
        f'[{GD}.a]\naccount = "{LOGIN.account}"\npassword = ""\n',
        f'{GD} = "{LOGIN.account}"\n',
    ],
)
def test_a_damaged_file_is_told_without_a_word_from_it(credentials: Credentials, text: str) -> None:
    credentials.file.path.parent.mkdir()
    credentials.file.path.touch(mode=0o600)
    credentials.file.path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"logins\.toml") as caught:
        credentials.get(GD, "a")
    assert LOGIN.account not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("text", ['{"guangdong"', '["a"]', '{"guangdong": {"a": {"account": "b"}}}'])
def test_a_damaged_variable_is_told(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(UserError, match="RPA_LOGINS"):
        credentials.get(GD, "a")


def test_a_name_that_only_the_environment_has_is_not_removed(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="没有保存过"):
        credentials.remove(GD, NAME)
    monkeypatch.setenv(VARIABLE, json.dumps({GD: {NAME: {"account": "a", "password": "b"}}}))
    with pytest.raises(UserError, match="环境变量 RPA_LOGINS"):
        credentials.remove(GD, NAME)


@pytest.mark.parametrize(
    ("name", "login", "said"),
    [
        ("", LOGIN, "登录账号没有填写"),
        (NAME, Credential("", "b"), "账号没有填写"),
        (NAME, Credential("a", ""), "密码没有填写"),
        (NAME, Credential("a", "b\u200bcdefgh"), "密码中有看不见的字符"),
        (NAME, Credential("a\nb", "c"), "账号中有看不见的字符"),
        (NAME, Credential("a", "\udcff"), "密码中有看不见的字符"),
        ("长" * 65, LOGIN, "过长"),
        (NAME, Credential("a", "b" * (MOST_BYTES // 2)), "过长"),
    ],
)
def test_what_nobody_types_is_refused(
    credentials: Credentials, name: str, login: Credential, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        credentials.set(GD, name, login)
    assert credentials.names() == ()


def test_the_longest_login_fits_into_an_entry_of_windows(
    credentials: Credentials, ring: MemoryKeyring
) -> None:
    overhead = len(json.dumps({"account": "", "password": ""}))
    longest = Credential("a", "密" * (MOST_BYTES // 2 - overhead - 1))
    credentials.set(GD, NAME, longest)
    (entry,) = ring.kept.values()
    assert len(entry.encode("utf-16-le")) == MOST_BYTES
    assert credentials.get(GD, NAME) == longest


def test_only_unnamed_logins_are_asked_of_the_keyring(credentials: Credentials, ring: MemoryKeyring) -> None:
    credentials.set(GD, NAME, LOGIN)
    assert credentials.has(GD, NAME)
    assert ring.asked == []
    credentials.file.put(GD, NAME, None)  # as in another user's folder
    assert credentials.has(GD, NAME)
    assert not credentials.has(GD, "李四")
    assert len(ring.asked) == 2


def test_account_and_password_are_secrets_once_they_are_read(credentials: Credentials) -> None:
    credentials.set(GD, NAME, LOGIN)
    for value in (LOGIN.account, LOGIN.password):
        forget_secret(value)
    assert redact(LOGIN.password) == LOGIN.password
    assert credentials.get(GD, NAME) == LOGIN
    assert LOGIN.password in known_secrets()
    assert redact(LOGIN.account) != LOGIN.account
    for said in (LOGIN.password, json.dumps(LOGIN.password), repr({"p": LOGIN.password})):
        assert "wörd" not in redact(said)


def test_logins_kept_at_the_same_time_are_all_kept(credentials: Credentials) -> None:
    names = [f"登录{number}" for number in range(8)]
    threads = [Thread(target=credentials.set, args=(GD, name, LOGIN)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.name for one in credentials.names()] == names


def test_a_units_account_that_is_its_credit_code_is_no_secret_but_an_id_number_is(tmp_path: Path) -> None:
    logins = Credentials(tmp_path)
    for name, account in (("单位", "91440100MA0000001A"), ("个人", "110101199003070119")):
        logins.set("guangdong", name, Credential(account, f"密码-{name}"), into=Source.FILE)
        logins.get("guangdong", name)
    assert {"密码-单位", "密码-个人"} <= known_secrets()
    assert redact("91440100MA0000001A") == "91440100MA0000001A"
    assert redact("110101199003070119") == "〔已隐去〕"
