"""What the queue's rows and its log hold: nothing readable, nothing that is executed."""

from __future__ import annotations

import base64
import os
import pickle
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from dbos._serialization import DefaultSerializer
from loguru import logger

from rpa.engine.queue.serializer import TicketSerializer
from rpa.ledger.data.tasks import Ticket
from rpa.privacy.sealing import Seal
from tests.engine.queues import Performed, ask, change, opened, tickets
from tests.support.waiting import until

ONE = Ticket(1, 1)


class Malice:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, int]]:
        return os.open, (str(self.path), os.O_CREAT)


@pytest.mark.parametrize("name", ["py_pickle", "portable_json", "rpa_json", None])
def test_a_pickle_in_a_row_is_never_executed_whatever_the_row_says_it_is(
    url: str, file: Path, tmp_path: Path, seal: Seal, name: str | None
) -> None:
    trace = tmp_path / "executed"
    payload = base64.b64encode(pickle.dumps(Malice(trace))).decode()
    DefaultSerializer().deserialize(payload)
    assert trace.exists()  # the payload works, and DBOS would execute it
    trace.unlink()

    perform = Performed()
    with opened(url, perform, seal=seal, closed=["henan"]) as queue:
        queue.put("henan", [ONE])
        change(file, "UPDATE workflow_input SET inputs = ?", payload)
        change(file, "UPDATE workflow_status SET serialization = ?", name)
        queue.set_places("henan", 4)
        until(lambda: not queue.still_queued([ONE]))  # so the ledger gives its task a new ticket
    assert not trace.exists()
    assert perform.begun == []


def test_a_row_that_was_changed_is_not_performed(url: str, file: Path, seal: Seal) -> None:
    rows, perform = TicketSerializer(seal), Performed()
    inputs = {"args": ["7.1"], "kwargs": {}}
    portable = '{"positionalArgs": ["1.1"], "namedArgs": {}}'
    forged = [
        (rows.serialize(inputs)[:-5] + "AAAA=", "rpa_json"),
        (TicketSerializer(Seal(Fernet.generate_key())).serialize(inputs), "rpa_json"),
        (rows.serialize(inputs), "rpa_json"),  # sealed by us, for another ticket
        (portable, "portable_json"),
        (TicketSerializer(None).serialize(inputs), "rpa_json"),
    ]
    with opened(url, perform, seal=seal, closed=["henan"]) as queue:
        for ticket, (value, name) in zip(tickets(len(forged)), forged, strict=True):
            queue.put("henan", [ticket])
            change(file, "UPDATE workflow_input SET inputs = ? WHERE workflow_uuid = ?", value, str(ticket))
            change(
                file,
                "UPDATE workflow_status SET serialization = ? WHERE workflow_uuid = ?",
                name,
                str(ticket),
            )
        queue.set_places("henan", 4)
        until(lambda: not queue.still_queued(tickets(len(forged))))
        queue.put("henan", [Ticket(99, 1)])
        until(lambda: perform.ended)  # the queue itself goes on
    assert perform.begun == [Ticket(99, 1)]
    assert perform.errors == []


def test_no_row_says_anything_readable(url: str, file: Path, seal: Seal) -> None:
    with opened(url, Performed(), seal=seal) as queue:
        queue.put("henan", tickets(3))
        until(lambda: not queue.still_queued(tickets(3)))
        written = {
            value
            for table in ("workflow_status", "workflow_input", "workflow_output", "operation_outputs")
            for row in ask(file, f"SELECT * FROM {table}")
            for value in row
            if isinstance(value, str)
        }
    sealed = {value for value in written if value.startswith("gAAAA")}
    assert len(sealed) == 6  # what went in and what came out of each
    assert written - sealed == {
        "1.1", "2.1", "3.1", "SUCCESS", "filing", "henan", "w1", "1", "wengang-rpa", "rpa_json", "null", "",
        *(value for value in written if len(value) == 36 and value.count("-") == 4),
    }  # fmt: skip


def test_the_log_says_what_failed_but_nothing_personal(url: str, lines: list[str]) -> None:
    def fail(_: Ticket) -> None:
        raise LookupError("张三")

    perform = Performed(fail)
    with opened(url, perform) as queue:
        queue.put("henan", [ONE])
        until(lambda: any("LookupError" in line for line in lines))
    assert "张三" not in "".join(lines)


def test_nothing_is_written_to_the_terminal(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    logger.remove()
    perform = Performed()
    with opened(url, perform) as queue:
        queue.put("henan", [ONE])
        until(lambda: perform.ended)
    assert capfd.readouterr() == ("", "")
