"""Tasks in a real browser at a tiny portal: whose session they work in, and what a refused login leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio

from rpa.engine.attempt import runner
from rpa.engine.attempt.attempt import Attempt, Receipt
from rpa.engine.attempt.catalog import Flow, Province
from rpa.engine.worker.performer import BrowserPerformer
from rpa.engine.worker.shutdown import Shutdown
from rpa.errors import LoginRefused, NeedsPerson, Refused, SessionExpired, Unanswered
from rpa.filing import Employer, Outcome, Record, Verdict
from rpa.ledger.data.tasks import Continuation, Task
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from tests.ledger.builders import open_batch, planned_rows, shared
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

PORTAL = "henan"
WRONG = LoginRefused("账号或密码错误", "请用 rpa secrets set 更正")


@dataclass
class Script:
    """What a flow of the tests does, and what it saw."""

    url: str = ""
    signed_in: list[bool] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    acts: list[Callable[[Attempt], None]] = field(default_factory=list)
    """What the next attempts do after they signed in."""

    async def file(self, attempt: Attempt, employer: Employer) -> Receipt:
        await self.sign_in(attempt)
        return Receipt(Record("稳岗返还", employer.name), already_there=True)

    async def look_up(self, attempt: Attempt, employer: Employer) -> Record | None:
        await self.sign_in(attempt)
        return Record("稳岗返还", employer.name)

    async def sign_in(self, attempt: Attempt) -> None:
        session = attempt.session
        self.signed_in.append(session.signed_in)
        self.pages.add(id(session.windows.context))
        await session.go(self.url + "/")
        session.signed_in = True
        if self.acts:
            self.acts.pop(0)(attempt)


def raising(stop: Exception) -> Callable[[Attempt], None]:
    def act(_: Attempt) -> None:
        raise stop

    return act


def nothing(_: Attempt) -> None:
    """Ends well."""


@pytest_asyncio.fixture(loop_scope="session")
async def script(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Script]:
    made = Script()

    async def well(_: object) -> None:
        """As a portal's first page."""

    flow = Flow(made.file, made.look_up)
    monkeypatch.setattr(runner, "flow", lambda *_: flow)
    monkeypatch.setattr(runner, "province", lambda _: Province({"稳岗返还": flow}, (), well))
    async with Wire({"/": "<p>首页</p>"}).listening() as wire:
        made.url = wire.url
        yield made


@dataclass
class Shop:
    """A worker without its queue: it claims and goes on by hand."""

    ledger: Ledger
    performer: BrowserPerformer
    task: Task | None

    async def next(self) -> Outcome:
        """Perform the go's task, and go on."""
        task = self.task
        assert task is not None
        done = await self.performer.perform(task)
        onward = Continuation(PORTAL, task.login, 1000)
        assert self.ledger.tasks.end(task.ticket, "甲机", done.attempt, done.outcome, onward=onward)
        reserved = self.ledger.reservations.of(task.login, "甲机")
        self.task = self.ledger.tasks.claim(reserved.ticket, "甲机", alive={"甲机"}) if reserved else None
        return done.outcome


@pytest_asyncio.fixture(loop_scope="session")
async def shop(script: Script, tmp_path: Path) -> AsyncIterator[Shop]:
    ways = {"个人登录": {"stored": True, "shared": True}}
    portal = {"base_url": script.url, "logins": ways, "default_login": "个人登录", "step_seconds": 60.0}
    settings = load_settings(home=tmp_path, portals={PORTAL: portal}, engine={"restarts": 1})
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        batch = open_batch(ledger, tmp_path)
        (ticket,) = planned_rows(ledger, batch, [shared(number, "张三经办") for number in range(1, 7)])
        task = ledger.tasks.claim(ticket, "甲机", alive={"甲机"})
        performer = BrowserPerformer(
            settings, ledger, worker="甲机", channels=[], shutdown=Shutdown(), tell=lambda _: None
        )
        yield Shop(ledger, performer, task)
        await performer.close()


async def test_the_filings_of_a_go_share_a_session(shop: Shop, script: Script) -> None:
    for _ in range(3):
        assert (await shop.next()).verdict is Verdict.ALREADY_FILED
    assert script.signed_in == [False, True, True]
    assert len(script.pages) == 1
    assert shop.task is not None
    await shop.performer.end_series(shop.task.login)
    await shop.next()
    assert script.signed_in[-1] is False


async def test_an_expired_session_is_replaced_and_the_new_one_is_handed_on(
    shop: Shop, script: Script
) -> None:
    script.acts = [nothing, raising(SessionExpired("登录已失效"))]
    for _ in range(3):
        assert (await shop.next()).verdict is Verdict.ALREADY_FILED
    assert script.signed_in == [False, True, False, True]


async def test_a_filing_for_a_person_leaves_the_session_to_the_next(shop: Shop, script: Script) -> None:
    script.acts = [raising(NeedsPerson("劳务派遣单位请通过专用系统办理"))]
    assert (await shop.next()).verdict is Verdict.NEEDS_PERSON
    await shop.next()
    assert script.signed_in == [False, True]


def _trails(home: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in home.glob("evidence/*/data/*/audit.jsonl"))


async def test_what_the_portal_says_of_persons_is_kept_masked(
    shop: Shop, script: Script, tmp_path: Path
) -> None:
    assert shop.task is not None
    employer = replace(shop.task.filing.employer, contact="龘靐", phone="63123456")
    shop.task = replace(shop.task, filing=replace(shop.task.filing, employer=employer))
    script.acts = [raising(Refused("联系人龘靐（6312 3456）没有登记", "请龘靐到柜台登记"))]
    outcome = await shop.next()
    assert outcome == Outcome(Verdict.REFUSED, "联系人龘*（6******6）没有登记", "请龘*到柜台登记")
    assert "龘靐" not in _trails(tmp_path)


async def test_where_nobody_answered_the_next_one_logs_in_anew(shop: Shop, script: Script) -> None:
    script.acts = [raising(Unanswered("验证码在限时内无人答复"))]
    assert shop.task is not None
    with pytest.raises(Unanswered):
        await shop.performer.perform(shop.task)
    await shop.next()
    assert script.signed_in == [False, False]


async def test_a_refused_login_is_told_beside_the_filings_own_outcome(shop: Shop, script: Script) -> None:
    script.acts = [raising(WRONG)]
    assert shop.task is not None
    done = await shop.performer.perform(shop.task)
    wrong = Outcome(Verdict.NEEDS_PERSON, WRONG.message, WRONG.advice)
    assert (done.attempt, done.outcome, done.refused) == (1, wrong, wrong)
    await shop.next()
    assert script.signed_in == [False, False]


async def test_refused_while_looking_up_it_is_not_asked_again(shop: Shop, script: Script) -> None:
    assert shop.task is not None
    attempt = shop.ledger.filings.begin_attempt(shop.task.filing_id, "甲机", ticket=shop.task.ticket)
    assert shop.ledger.intents.win(shop.task.filing_id, attempt, batch_id=shop.task.batch_id)
    script.acts = [raising(WRONG)]
    done = await shop.performer.perform(shop.task)
    assert done.outcome.verdict is Verdict.UNCONFIRMED
    assert done.refused == Outcome(Verdict.NEEDS_PERSON, WRONG.message, WRONG.advice)
    assert len(script.signed_in) == 1
