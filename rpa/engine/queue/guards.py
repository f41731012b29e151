"""What DBOS would do by itself and must not: unpickle rows, talk to its cloud, write to the terminal."""

from __future__ import annotations

import logging
import os
from typing import NoReturn

from dbos import _serialization
from loguru import logger

from rpa.errors import UserError

_QUIET_SECONDS = 30


def guard() -> None:
    """Put every guard in place; before DBOS is made, as often as one likes.

    Raises:
        UserError: the environment tells DBOS to talk to its cloud.
    """
    if os.environ.get("DBOS__CLOUD"):
        raise UserError("环境变量 DBOS__CLOUD 会让任务队列连到外部云服务，请删除后再运行")
    _refuse_foreign_rows()
    _log_through_loguru()


def _refuse_foreign_rows() -> None:
    """Let DBOS read no row that claims another serialization than ours.

    DBOS goes by the row: one that says ``py_pickle`` is unpickled, which executes whatever its author
    likes, even where pickle is never written.
    """
    for foreign in (_serialization.DBOSDefaultSerializer, _serialization.DBOSPortableJSON):
        vars(foreign)["deserialize"] = _refuse


def _refuse(_: object) -> NoReturn:
    raise ValueError("a row that this program did not write")


_CONTENTION = "Contention detected"
"""Workers on PostgreSQL wait for each other now and then: nothing for an operator to see."""


class _ToLoguru(logging.Handler):
    """DBOS's lines in our log, where personal data is masked. Tracebacks stay out.

    While the database is away, every look at every line would say so: each place in DBOS's source has
    its say but twice a minute.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        place = (record.module, record.lineno)
        if record.created < self._said.get(place, 0) + _QUIET_SECONDS:
            return
        self._said[place] = record.created
        kind = record.exc_info[0] if record.exc_info else None
        suffix = f" {kind.__name__}" if kind else ""
        level = "DEBUG" if _CONTENTION in record.msg else record.levelname
        logger.log(level, "任务队列：{}{}", record.getMessage(), suffix)


def _log_through_loguru() -> None:
    log = logging.getLogger("dbos")
    log.propagate = False
    log.handlers[:] = [_ToLoguru()]  # DBOS adds its own only where there is none
