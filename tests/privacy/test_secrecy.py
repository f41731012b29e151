"""Whatever an account or a password looks like: no log, command, document or error says it."""

from __future__ import annotations

import io
import json
import tempfile
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loguru import logger

from rpa.cli.main import main
from rpa.credentials.store import VARIABLE, Credential, Credentials, Source
from rpa.errors import UserError
from rpa.privacy.logs import configure_logging
from rpa.privacy.masks import forget_secret
from tests.cli.keyrings import FailingKeyring, MemoryKeyring, use

GD, NAME = "guangdong", "张三经办"
SECRETS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="*〔已隐去〕"),
    min_size=8,
    max_size=24,
).map(lambda text: "ß" + text)
"""With a letter in front that nothing else says."""


def _said(home: Path, login: Credential, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything that a log, a command or an error says about a login."""
    said, log, credentials = io.StringIO(), io.StringIO(), Credentials(home)
    monkeypatch.setenv("RPA_HOME", str(home))
    configure_logging(log, level="TRACE")
    with redirect_stdout(said), redirect_stderr(said):
        for words in (["list"], ["list", "--json"]):
            assert main(["secrets", *words]) == 0
    values = _values(login)
    for shown in (login, values, repr(values), json.dumps(values), json.dumps(values, ensure_ascii=False)):
        logger.info("{}", shown)
    try:
        _refuse(login)
    except ValueError:
        logger.exception("failed")
    logger.remove()
    use(monkeypatch, FailingKeyring(OSError))
    text = json.dumps({GD: {NAME: values}}, ensure_ascii=False)
    errors = [_error(lambda: credentials.set(GD, NAME, login, into=Source.KEYRING))]
    for damaged in (text[:-1], text.replace("password", "pass")):
        monkeypatch.setenv(VARIABLE, damaged)
        errors.append(_error(lambda: credentials.get(GD, NAME)))
    return "".join([said.getvalue(), log.getvalue(), repr(login), str(login), *errors])


def _refuse(login: Credential) -> None:
    raise ValueError(f"refused: {login.account} {login.password}")


def _values(login: Credential) -> dict[str, str]:
    return {"account": login.account, "password": login.password}


def _error(action: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        action()
    return "".join(traceback.format_exception(caught.value))


@settings(max_examples=40, deadline=None)
@given(account=SECRETS, password=SECRETS, place=st.sampled_from([Source.FILE, Source.KEYRING]))
def test_nothing_ever_says_an_account_or_a_password(account: str, password: str, place: Source) -> None:
    login = Credential(account, password)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv(VARIABLE, raising=False)
        use(monkeypatch, MemoryKeyring())
        home = Path(folder)
        try:
            Credentials(home).set(GD, NAME, login, into=place)
            said = _said(home, login, monkeypatch)
        finally:
            forget_secret(account)
            forget_secret(password)
    assert "refused: " in said
    for secret in (account, password):
        assert secret not in said
        assert json.dumps(secret)[1:-1] not in said
