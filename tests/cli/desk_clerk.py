"""A clerk at another terminal: answers what waits in the ledger while commands run in their processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from mock_portal.world import World
from rpa.errors import UserError
from rpa.ledger.data.requests import WaitingRequest
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import answer_request
from rpa.operator.request import Kind

_LOOK_SECONDS = 0.05
HURRY = """
[portals.henan]
starts_per_minute = 1000
step_seconds = 30.0
save_seconds = 30.0
[engine]
retry_delays = []
poll_seconds = 0.05
clear_after = 0.0
"""
"""Settings of a user who has no time."""


def in_a_hurry(home: Path, *more: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text("\n".join([HURRY, *more]), encoding="utf-8")


class Clerk:
    """Answers until the block ends; ``answers`` by kind override, and None leaves a request waiting."""

    def __init__(
        self,
        home: Path,
        world: World,
        *,
        url: str = "",
        **answers: Callable[[WaitingRequest], str | None],
    ) -> None:
        self._url = url or f"sqlite:///{home / 'ledger.db'}"
        self._key = home / "seal.key"
        self._world = world
        self._answers = answers
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.answered: list[str] = []

    def __enter__(self) -> Clerk:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        with Ledger.open(self._url, key=self._key) as ledger:
            while not self._over.wait(_LOOK_SECONDS):
                for request in ledger.requests.waiting():
                    with suppress(UserError):  # withdrawn, or its picture changed, meanwhile
                        self._answer(ledger, request)

    def _answer(self, ledger: Ledger, request: WaitingRequest) -> None:
        text: str | None = "y"
        if request.kind in self._answers:
            text = self._answers[request.kind](request)
        elif request.kind == Kind.CAPTCHA:
            text = self._read(ledger, request)
        if text is not None:
            answer_request(ledger.requests, request, text, who="测试员")
            self.answered.append(request.kind)

    def _read(self, ledger: Ledger, request: WaitingRequest) -> str | None:
        picture = ledger.requests.picture(request.id)
        shown = picture and sha256(picture.data).hexdigest()
        return next((made.text for made in self._world.captchas() if made.picture_sha256 == shown), None)


@contextmanager
def started(environment: Mapping[str, str], *words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command that runs beside the test, and not longer than it."""
    with subprocess.Popen(
        [sys.executable, "-m", "rpa", *map(str, words)],
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
