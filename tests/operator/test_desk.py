"""The desk: whoever is quickest answers; the newest picture counts; nobody answers: said in time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from rpa.browser.shown_image import ShownImage
from rpa.errors import Drained, Unanswered, UserError
from rpa.ledger.data.requests import WaitingRequest
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Desk, Reply, answer_request
from rpa.operator.request import Kind
from rpa.privacy.masks import redact
from rpa.settings.settings import OperatorSettings
from tests.operator.asking import content, desk, picture_after, request
from tests.support.scripted import Scripted
from tests.support.waiting import until_async


class Late(datetime):
    """The clock of a desk for which every time is up."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(hours=1)


async def test_scripted_answers_are_folded_secret_and_announced(ledger: Ledger) -> None:
    announced: list[tuple[str, str]] = []

    async def answer(_request: WaitingRequest) -> str:
        return "　ｑ８Ｚｔ７ "

    channel = Scripted(answer, announce=lambda one, who: announced.append((one.id, who)))
    got = await desk(ledger, channel).ask(request())
    assert (got.text, got.who) == ("q8Zt7", "脚本操作员")
    assert announced == [("1", "脚本操作员")]
    assert "q8Zt7" not in redact("验证码 q8Zt7")


async def test_another_process_may_answer(ledger: Ledger) -> None:
    asked = asyncio.create_task(desk(ledger).ask(request()))
    await until_async(ledger.requests.waiting)
    ledger.requests.answer("1", "ＡＢ１２", picture_id="1.1", who="王经办")
    got = await asked
    assert (got.text, got.who) == ("AB12", "王经办")


async def test_nobody_answers(ledger: Ledger) -> None:
    async def leave(_request: WaitingRequest) -> None:
        return None

    with pytest.raises(Unanswered, match="验证码在限时内无人答复"):
        await desk(ledger, Scripted(leave)).ask(request(0.1))
    with pytest.raises(UserError, match="已过期或已撤回"):
        ledger.requests.answer("1", "abcd", picture_id=None, who="王经办")


async def test_a_refresh_from_elsewhere_replaces_the_picture(ledger: Ledger) -> None:
    seen: list[tuple[str | None, bytes]] = []

    class Looker:
        async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
            seen.append((request.picture_id, content(picture)))

    asked = asyncio.create_task(desk(ledger, Looker()).ask(request(), refresh=picture_after(b"two")))
    await until_async(lambda: seen)
    ledger.requests.ask_refresh("1", who="王经办")
    await until_async(lambda: len(seen) == 2)
    with pytest.raises(UserError, match="验证码图片已更换"):
        ledger.requests.answer("1", "abcd", picture_id="1.1", who="王经办")
    ledger.requests.answer("1", "efgh", picture_id="1.2", who="王经办")
    assert (await asked).text == "efgh"
    assert seen == [("1.1", b"one"), ("1.2", b"two")]


async def test_a_refreshed_picture_brings_its_type_and_its_own_deadline(ledger: Ledger) -> None:
    until = datetime.now(UTC) + timedelta(seconds=50)
    fresh = picture_after(b"GIF89a", type="image/gif", usable_until=until)
    asked = asyncio.create_task(desk(ledger).ask(request(seconds=900), refresh=fresh))
    await until_async(ledger.requests.waiting)
    ledger.requests.ask_refresh("1", who="王经办")
    await until_async(lambda: ledger.requests.waiting()[0].picture_id == "1.2")
    (waiting,) = ledger.requests.waiting()
    assert (waiting.picture_type, waiting.deadline) == ("image/gif", until)
    picture = ledger.requests.picture("1")
    assert picture is not None
    assert (picture.type, picture.data) == ("image/gif", b"GIF89a")
    ledger.requests.answer("1", "efgh", picture_id="1.2", who="王经办")
    assert (await asked).text == "efgh"


async def test_nobody_has_longer_than_the_picture_is_of_use(ledger: Ledger) -> None:
    now = datetime.now(UTC)
    one = desk(ledger)
    old, fresh = (
        ShownImage(b"", "image/png", now, usable_until=now + timedelta(seconds=left)) for left in (20, 3600)
    )
    assert one.deadline(Kind.CAPTCHA, old) == old.usable_until
    assert one.deadline(Kind.CAPTCHA, fresh) < now + timedelta(seconds=3600)
    assert one.deadline(Kind.SCAN, ShownImage(b"", "image/png", now)) > now + timedelta(seconds=600)


async def test_a_channels_own_error_is_not_lost(ledger: Ledger) -> None:
    async def broken(_request: WaitingRequest) -> str:
        raise LookupError("no such employer")

    with pytest.raises(LookupError):
        await desk(ledger, Scripted(broken)).ask(request())
    assert ledger.requests.waiting() == []


async def test_a_cancelled_attempt_takes_its_request_back(ledger: Ledger) -> None:
    asked = asyncio.create_task(desk(ledger).ask(request()))
    await until_async(ledger.requests.waiting)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert ledger.requests.waiting() == []


def test_deadlines_by_kind(ledger: Ledger) -> None:
    one = desk(ledger)
    span = one.deadline(Kind.APPROVAL) - one.deadline(Kind.CAPTCHA)
    assert timedelta(seconds=785) < span < timedelta(seconds=795)


async def test_who_waits_for_an_answer_stops_when_the_worker_does(ledger: Ledger) -> None:
    class Asked:
        def check(self) -> None:
            raise Drained("按要求停下")

        async def pause(self, seconds: float) -> bool:
            return True

    waiting = Desk(
        ledger.requests, [], settings=OperatorSettings(), shutdown=Asked(), worker="甲机", poll=0.02
    )
    with pytest.raises(Drained):
        await waiting.ask(request())
    assert ledger.requests.waiting() == []


async def test_an_answer_that_can_be_taken_back_is_waited_for(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given in time it counts, though the time is up before it may be used."""
    asked = asyncio.create_task(desk(ledger).ask(request(kind=Kind.APPROVAL)))
    await until_async(ledger.requests.waiting)
    (one,) = ledger.requests.waiting()
    answer_request(ledger.requests, one, "Ｙ", who="王五", hold=1)
    monkeypatch.setattr("rpa.operator.desk.datetime", Late)
    answer = await asked
    assert answer.text == "Y"
    assert datetime.now(UTC) - answer.at >= timedelta(seconds=1)


async def test_an_answer_taken_back_is_asked_for_again(ledger: Ledger) -> None:
    asked = asyncio.create_task(desk(ledger).ask(request(kind=Kind.APPROVAL)))
    await until_async(ledger.requests.waiting)
    (one,) = ledger.requests.waiting()
    answer_request(ledger.requests, one, "n 看错了", who="王五", hold=60)
    assert ledger.requests.waiting() == []
    ledger.requests.take_back(one.id, who="王五")
    assert [again.id for again in ledger.requests.waiting()] == [one.id]
    answer_request(ledger.requests, one, "y", who="王五")
    assert (await asked).text == "y"


async def test_an_answer_taken_back_for_good_is_none(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []
    answered = ledger.requests.is_answered

    def looking(request_id: str) -> bool:
        looks.append(answered(request_id))
        return looks[-1]

    asked = asyncio.create_task(desk(ledger).ask(request(kind=Kind.APPROVAL)))
    await until_async(ledger.requests.waiting)
    (one,) = ledger.requests.waiting()
    answer_request(ledger.requests, one, "y", who="王五", hold=600)
    monkeypatch.setattr(ledger.requests, "is_answered", looking)
    monkeypatch.setattr("rpa.operator.desk.datetime", Late)
    await until_async(lambda: len(looks) > 3)  # the time is up, and it waits all the same
    assert not asked.done()
    ledger.requests.take_back(one.id, who="王五")
    with pytest.raises(Unanswered, match="提交前确认在限时内无人答复"):
        await asked


async def test_an_answer_of_a_page_that_does_not_have_the_request_is_turned_away(ledger: Ledger) -> None:
    asked = asyncio.create_task(desk(ledger).ask(request()))
    await until_async(ledger.requests.waiting)
    (one,) = ledger.requests.waiting()
    ledger.leases.take(one.id, holder="甲页", name="王五", seconds=60)
    with pytest.raises(UserError, match="正由王五处理"):
        answer_request(ledger.requests, one, "aB12", who="李四", holder="乙页")
    answer_request(ledger.requests, one, "aB12", who="王五", holder="甲页")
    assert (await asked).text == "aB12"
