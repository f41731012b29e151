"""Whatever a row, a login and an answer say: it comes out in clear nowhere but where it belongs.

=========================  =========================================  =====================================
place                      may hold in clear                          never holds
=========================  =========================================  =====================================
agency's own workbook      what the agency wrote in it                passwords, captchas, SMS codes
its copy, 结果             the same row                               the same; its result columns nothing
pictures                   what the portal shows (boxes in the trail) passwords (the portal shows dots)
ledger, rows of batches    nothing: sealed                            everything
ledger, an open request    the answer, until it is taken; the         names and numbers of the row
                           approval's masked card
queue (DBOS)               nothing: sealed                            everything
logs, crashes, errors      nothing                                    everything
trails, report, manifests  the employer's name, code, receipt number  everything
console's pages            the same                                   everything
``logins.toml``            login and password, its owner's alone      (see ``tests/credentials``)
=========================  =========================================  =====================================

Copies that are shared are searched in ``tests/evidence/test_share.py``.
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode
from zipfile import ZipFile

import pytest
from hypothesis import Phase, given, settings
from loguru import logger
from openpyxl import Workbook
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from rpa.browser.translate import translated
from rpa.credentials.store import Credential, Credentials, Source
from rpa.errors import Mismatch, RpaError
from rpa.evidence.bag.seal import seal
from rpa.evidence.recorder import Recorder
from rpa.evidence.report import Report
from rpa.filing import EndedRow, Outcome, Record, RowStatus, Verdict
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.data.tasks import Ticket
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import answer_request
from rpa.operator.request import Kind
from rpa.privacy.logs import configure_logging
from rpa.privacy.masks import PASSING, hide, hiding, redact_outcome
from rpa.settings.settings import load_settings
from rpa.workbook.results import ResultBook
from tests.engine.queues import Performed, ask, opened
from tests.evidence.recorded import JPEG, leave_file
from tests.ledger.builders import claimed, open_batch, planned_rows
from tests.privacy.people import PEOPLE, PERSON, Person, in_clear
from tests.support.console import served_console, settings_at
from tests.support.visiting import admitted
from tests.support.waiting import until
from tests.workbook.conftest import grid, read, row

WORKER = "甲机"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def ledger(home: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{home}/ledger.db", key=home / "key" / "seal.key") as opened_one:
        yield opened_one


@contextmanager
def at_work(person: Person) -> Iterator[None]:
    """As the engine works on a row: login and answers are known, and the row is hidden."""
    with TemporaryDirectory() as folder:
        login = Credential(person.login, person.password)
        Credentials(Path(folder)).set("henan", "经办账号", login, into=Source.FILE)
    for answer in (person.captcha, person.sms):
        hide(answer, seconds=PASSING)
    with hiding(person.filing().employer.personal):
        yield


def _raising(person: Person) -> None:
    try:
        int(person.told())
    except ValueError as error:
        raise RuntimeError(f"{person.values!r}") from error


@settings(max_examples=25, deadline=None)
@given(PEOPLE)
def test_no_log_says_it(person: Person) -> None:
    log = io.StringIO()
    with at_work(person), warnings.catch_warnings():
        configure_logging(log, level="TRACE")
        warnings.simplefilter("always")
        for said in (person.told(), json.dumps(person.values), repr(person), str(person.differences())):
            logger.info("{}", said)
            logger.bind(said=said).debug(said.replace("{", "{{").replace("}", "}}"))
        try:
            _raising(person)
        except RuntimeError:
            logger.exception("failed with {}", person.values)
            logger.opt(exception=True).warning("again")
        logging.getLogger("uvicorn.error").error("%s", person.told(), exc_info=RuntimeError(person.told()))
        warnings.warn(person.told(), stacklevel=1)
        logger.remove()
    written = log.getvalue()
    assert written.count("RuntimeError") > 2
    assert in_clear(person.values, written.encode()) == []


@settings(max_examples=15, deadline=None)
@given(PEOPLE)
def test_no_error_and_no_data_of_ours_says_it(person: Person) -> None:
    """Nothing is known here and nothing redacted: these say nothing by themselves."""
    told = [repr(person.filing()), str(person.filing()), repr(person.differences())]
    told.append(repr(Credential(person.login, person.password)))
    for act in _failing(person):
        with pytest.raises(RpaError) as caught:
            act()
        told += [*traceback.format_exception(caught.value), repr(caught.value)]
    assert in_clear(person.values, "".join(told).encode()) == []


def _failing(person: Person) -> Iterator[Callable[[], object]]:
    def stopped(error: Exception) -> None:
        with translated():
            raise error

    def differing() -> None:
        raise Mismatch(person.differences())

    yield differing
    yield lambda: stopped(PlaywrightTimeout(person.told()))
    yield lambda: stopped(PlaywrightError(f"Locator.fill: {person.told()} net::ERR_FAILED"))
    wrong = dict.fromkeys(("port", "undo_seconds"), person.told()) | {"names": person.values}
    yield lambda: load_settings(console=wrong, portals={"henan": dict.fromkeys(_TEXTS, person.told())})


@settings(max_examples=15, deadline=None, phases=[Phase.generate])  # a smaller example tells no more
@given(person=PEOPLE)
def test_neither_ledger_nor_evidence_says_it(person: Person, ledger: Ledger, home: Path) -> None:
    """A filing whose portal repeats everything that was typed there, from the plan to the sealed bag."""
    number = next(_numbers)
    filing = person.filing(number)
    batch = open_batch(ledger, home, name=f"{number}.xlsx")
    (ticket,) = planned_rows(ledger, batch, [filing])
    bag = home / "evidence" / batch.id
    with at_work(person):
        task = claimed(ledger, ticket, WORKER)
        attempt = ledger.filings.begin_attempt(task.filing_id, WORKER, ticket=ticket)
        with Recorder(bag, filing, operator="王经办") as recorder:
            _ask(ledger, person, task.filing_id)
            _record(recorder, person)
            ending = Outcome(Verdict.REFUSED, person.told(), person.told(), _record_of(person))
            recorder.ended(redact_outcome(ending))
        assert ledger.tasks.end(ticket, WORKER, attempt, ending)
    kept = ledger.filings.state(task.filing_id).outcome
    entry = RowStatus.of(filing, portal="河南", outcome=kept, attempts=1)
    Report(bag, batch_id=batch.id, name="批次.xlsx", operator="王经办").write([entry])
    seal(bag)
    told = (bag / "data" / "index.html").read_text(encoding="utf-8")
    assert "流水号 411302202600001234" in told
    assert f"联系人{person.contact[0]}*" in told
    for path in (*bag.rglob("*"), *home.glob("ledger.db*")):
        said = str(path).encode() + (path.read_bytes() if path.is_file() else b"")
        assert in_clear(person.values, said) == [], path.name


_TEXTS = ("base_url", "list_name", "editions", "logins")

_numbers = itertools.count(1)


def _ask(ledger: Ledger, person: Person, filing_id: int) -> None:
    """Two questions that quote the portal, and their answers."""
    deadline = datetime.now(UTC) + timedelta(minutes=5)
    for kind, answer in ((Kind.CAPTCHA, person.captcha), (Kind.SMS, person.sms)):
        asked = ledger.requests.ask(
            NewRequest(kind, f"平台说：{person.told()}", deadline, filing_id=filing_id)
        )
        (waiting,) = ledger.requests.waiting()
        answer_request(ledger.requests, waiting, answer, who="王经办")
        taken = ledger.requests.take_answer(asked)
        assert taken is not None
        assert taken.text == answer


def _record(recorder: Recorder, person: Person) -> None:
    recorder.line(f"平台说{person.contact}", told=person.values, deep=[{"in": [person.told()]}])
    address = f"http://127.0.0.1/?{urlencode(person.values)}#{quote(person.contact)}"
    recorder.picture(f"核对{person.contact}", JPEG, address=address, title=person.told())
    leave_file(recorder, "02_申报表.pdf", b"%PDF-1.7")
    recorder.compared({"联系人": f"不一致 {person.contact}"})
    recorder.answered("验证码", f"王经办{person.captcha}", datetime.now(UTC))


def _record_of(person: Person) -> Record:
    return Record(
        "稳岗返还", f"联系人{person.contact} 流水号 411302202600001234", serial="411302202600001234"
    )


def test_the_queue_says_nothing(home: Path, ledger: Ledger) -> None:
    """Not even of an error that says everything."""

    def fails(_: Ticket) -> None:
        raise RuntimeError(PERSON.told())

    perform, one = Performed(act=fails), Ticket(4711, 1)
    with opened(f"sqlite:///{home}/ledger.db", perform, seal=ledger.seal) as queue:
        queue.put("henan", [one])
        until(lambda: perform.begun and not queue.still_queued([one]))
    assert ask(home / "ledger.db", "SELECT count(error) FROM workflow_output") == [(1,)]
    assert in_clear(PERSON.values, b"".join(path.read_bytes() for path in home.glob("ledger.db*"))) == []


def test_the_result_workbook_has_no_secret(tmp_path: Path) -> None:
    """The agency's own row stays as it was; nothing of the login and of the answers comes to it."""
    employer = PERSON.filing().employer
    said = {"contact": employer.contact, "phone": employer.phone, "account": employer.account}
    book = ResultBook(read(_book(tmp_path, row(1, **said))), "批次", tmp_path, started=datetime.now(UTC))
    with at_work(PERSON):
        outcome = redact_outcome(Outcome(Verdict.REFUSED, PERSON.told(), PERSON.told()))
    book.update(EndedRow(2, "", "", "", outcome, 1))
    with ZipFile(book.write() or Path()) as packed:
        written = b"".join(packed.read(name) for name in packed.namelist())
    assert in_clear({"contact": PERSON.contact}, written) == ["contact"]
    assert in_clear({**PERSON.secrets, "login": PERSON.login, "id": PERSON.id_number}, written) == []


def _book(folder: Path, cells: dict[str, object]) -> Path:
    book = Workbook()
    for line in grid(cells):
        book.worksheets[0].append(line)
    path = folder / "批次.xlsx"
    book.save(path)
    return path


def test_no_page_of_the_console_says_it(tmp_path: Path) -> None:
    with served_console(settings_at(tmp_path)) as served:
        batch = open_batch(served.ledger, tmp_path)
        filing = PERSON.filing()
        (ticket,) = planned_rows(served.ledger, batch, [filing])
        bag = served.settings.evidence_root / batch.id
        with at_work(PERSON), Recorder(bag, filing, operator="王经办") as recorder:
            task = claimed(served.ledger, ticket, WORKER)
            attempt = served.ledger.filings.begin_attempt(task.filing_id, WORKER, ticket=ticket)
            _record(recorder, PERSON)
            outcome = redact_outcome(Outcome(Verdict.REFUSED, PERSON.told(), PERSON.told()))
            recorder.ended(outcome)
            assert served.ledger.tasks.end(ticket, WORKER, attempt, outcome)
        ended = served.ledger.filings.state(task.filing_id).outcome
        entry = RowStatus.of(filing, portal="河南", outcome=ended)
        Report(bag, batch_id=batch.id, name="批次.xlsx", operator="王经办").write([entry])
        caller, here = admitted(served), f"/batches/{batch.id}"
        trail = f"{here}/evidence/{quote(recorder.folder.name)}/audit.jsonl"
        pages = [here, f"{here}/rows/{filing.row}", f"{here}/evidence/index.html", trail, "/", "/batches"]
        answers = {path: caller.get(path) for path in (*pages, "/portals", "/start")}
    assert [path for path, answer in answers.items() if answer.status != 200] == []
    assert "龘*" in answers[f"{here}/rows/{filing.row}"].body
    for path, answer in answers.items():
        assert in_clear(PERSON.values, answer.body.encode()) == [], path
