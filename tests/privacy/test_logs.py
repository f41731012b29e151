"""Whoever writes a log, a warning or a last word: it goes through the one place where values are hidden."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from loguru import logger

from rpa.privacy.logs import configure_logging
from rpa.privacy.masks import hiding, redact, register_secret

SECRET, PHONE = "k7Qw!zP9", "13812345678"


@pytest.fixture(autouse=True)
def _known_secret() -> None:
    register_secret(SECRET)


def _fail(password: str) -> None:
    try:
        int(f"refused {password}")
    except ValueError as error:
        raise RuntimeError(f"no login with {password!r} for {PHONE}") from error


@pytest.mark.parametrize("name", ["uvicorn.error", "sqlalchemy.pool", "asyncio", "some.library"])
def test_other_libraries_logs_are_redacted(
    log: io.StringIO, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.WARNING, logger=name)  # a server of ours may have turned it down
    logging.getLogger(name).warning("answer %s from %s", SECRET, PHONE)
    try:
        _fail(SECRET)
    except RuntimeError:
        logging.getLogger(name).exception("it failed")
    written = log.getvalue()
    assert written.count("〔已隐去〕") == 3
    assert "138****5678" in written
    assert "RuntimeError" in written
    assert SECRET not in written
    assert PHONE not in written


def test_a_librarys_line_that_does_not_fit_its_arguments_is_written_all_the_same(log: io.StringIO) -> None:
    [ours] = [one for one in logging.getLogger().handlers if one.name == "rpa"]
    ours.handle(logging.LogRecord("some.library", logging.WARNING, "", 1, "%d of %s", (SECRET,), None))
    assert "some.library：%d of %s" in log.getvalue()


def test_lines_come_once_however_often_logging_is_configured(log: io.StringIO) -> None:
    configure_logging(log)
    configure_logging(log)
    logging.getLogger("some.library").error("once")
    assert log.getvalue().count("once") == 1


def test_warnings_are_redacted(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        configure_logging(log)
        warnings.warn(f"old way to say {SECRET}", DeprecationWarning, stacklevel=1)
    assert "DeprecationWarning：old way to say 〔已隐去〕" in log.getvalue()


def test_a_chain_of_errors_shows_no_value(log: io.StringIO) -> None:
    try:
        _fail(SECRET)
    except RuntimeError:
        logger.bind(password=SECRET).opt(exception=True).error("failed with {}", SECRET)
    written = log.getvalue()
    assert "'refused 〔已隐去〕'" in written
    assert "no login with '〔已隐去〕' for 138****5678" in written
    assert SECRET not in written


CRASH = """
import sys, threading, warnings
from rpa.cli import main
from rpa.privacy.masks import register_secret
def fails(argv):
    secret = register_secret("k7Qw!zP9")
    def inside():
        raise ValueError(f"{secret} in a thread, 13812345678")
    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    raise RuntimeError(f"{secret} at the end") from ValueError(repr({"phone": "13812345678\\n"}))
main._execute = lambda name, words: fails(words)
sys.argv = ["rpa", "status"]
main.main()
"""


def test_the_last_words_of_a_crash_quote_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    for said in ("ValueError: 〔已隐去〕 in a thread", "RuntimeError: 〔已隐去〕 at the end", "138****5678"):
        assert said in done.stderr
    assert SECRET not in done.stderr + done.stdout
    assert PHONE not in done.stderr + done.stdout


async def test_what_a_row_says_of_persons_is_hidden_in_its_own_task_alone(log: io.StringIO) -> None:
    begun = asyncio.Barrier(2)

    async def file(name: str, other: str) -> None:
        with hiding([name, "12345678"]):
            await begun.wait()
            await asyncio.to_thread(logger.info, "{} 电话 1234 5678", name)
            assert redact(f"{name}和{other}") == f"{name[0]}*和{other}"
        assert redact(name) == name

    await asyncio.gather(file("龘靐", "灪籱"), file("灪籱", "龘靐"))
    written = log.getvalue()
    assert "龘*" in written
    assert "灪*" in written
    assert "龘靐" not in written
    assert "1234 5678" not in written


def test_single_characters_and_short_numbers_are_left_alone() -> None:
    with hiding(["", "王", "2026", "1234"]):
        assert redact("王 2026-11-22 1234") == "王 2026-11-22 1234"
