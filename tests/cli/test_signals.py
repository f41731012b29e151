"""Ctrl+C while something works, in this very process."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rpa.cli.shared import password
from rpa.cli.shared.signals import shutdown_on_signals
from rpa.engine.worker.shutdown import Shutdown


async def told(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wait until a signal has done its work in the loop, and until that is said, which comes last."""
    said = ""
    async with asyncio.timeout(60):
        while words not in said:
            await asyncio.sleep(0)
            said += capsys.readouterr().err


@contextmanager
def handlers_as_before() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    assert [signal.getsignal(number) for number in numbers] == before


async def test_once_is_polite_and_twice_is_urgent(capsys: pytest.CaptureFixture[str]) -> None:
    shutdown = Shutdown()
    with handlers_as_before(), shutdown_on_signals(shutdown) as interruptions:
        assert not interruptions
        os.kill(os.getpid(), signal.SIGTERM)
        await told("再按一次 Ctrl+C 立即停止", capsys)
        assert (shutdown.requested, shutdown.urgent, interruptions.by_keyboard) == (True, False, False)
        os.kill(os.getpid(), signal.SIGINT)
        await told("正在立即停止", capsys)
        assert (shutdown.urgent, interruptions.by_keyboard, interruptions.times) == (True, True, 2)


async def test_at_the_question_for_a_password_it_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(_prompt: str) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the question went on")

    monkeypatch.setattr(password, "getpass", pressed)
    shutdown = Shutdown()
    with handlers_as_before(), shutdown_on_signals(shutdown):
        with pytest.raises(KeyboardInterrupt):
            password.password_prompt(Path("批次.xlsx"))()
        assert not shutdown.requested
