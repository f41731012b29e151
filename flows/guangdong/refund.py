"""稳岗返还: the filing of one employer, step by step as the manual S3 tells it."""

from __future__ import annotations

from collections.abc import Mapping

from flows.guangdong.applications import LIST
from flows.guangdong.confirmation import YEAR, Confirmation
from flows.guangdong.home import Home
from flows.guangdong.sign_in import sign_in
from rpa.browser.speech import Heard
from rpa.engine.attempt.attempt import Attempt, Receipt
from rpa.errors import NeedsPerson, Refused
from rpa.filing import Employer, Record


async def file_refund(attempt: Attempt, employer: Employer) -> Receipt:
    """Confirm 稳岗返还 for one employer at the Guangdong portal and return the portal's own record of it."""
    home = await sign_in(attempt, employer)

    async with attempt.step("查询是否已申报"):
        record = await _find(attempt, home, employer)
        if record and attempt.stands(record):
            return Receipt(record, already_there=True)

    async with attempt.step("打开单位信息确认"):
        opened = await _open(attempt, home, employer)
    if isinstance(opened, Heard):
        return await _earlier(attempt, home, employer, opened)
    form, identity = opened

    async with attempt.step("填写单位信息"):
        values = await form.values(employer)
        await form.fill(values)

    async with attempt.step("核对页面与表格"):
        await form.prepare(employer)
        expected = {**identity, **values}
        attempt.compare(expected, await form.read(expected))
    attempt.end_rehearsal_at("fill")

    async with attempt.commit("提交单位信息确认"):
        await form.submit()

    async with attempt.step("在我的办件中核实"):
        record = await attempt.must_find(lambda: _new(attempt, home, employer))
    return Receipt(record)


async def look_up_refund(attempt: Attempt, employer: Employer) -> Record | None:
    """Find an earlier filing in 我的办件; nothing is changed at the portal."""
    home = await sign_in(attempt, employer)
    async with attempt.step("在我的办件中核实"):
        return await _find(attempt, home, employer)


async def _open(
    attempt: Attempt, home: Home, employer: Employer
) -> tuple[Confirmation, Mapping[str, str]] | Heard:
    """The item's page, if it is this unit's, and what it says of it: the unit, and the year it would confirm.

    What the portal said instead, where the unit has confirmed already.

    Raises:
        NeedsPerson: the row is about another year than the page, or nobody can tell which one it takes.
    """
    form = await home.open_item(attempt.item_names)
    if isinstance(form, Heard):
        return form
    identity = form.identity(employer)
    shown = await form.read(identity)
    if await form.shows_year():  # it has got its data by now
        identity = {**identity, YEAR: str(attempt.filing.year)}
        shown = {**shown, **await form.read([YEAR])}
    else:
        await _check_year(attempt, await form.years())
    attempt.compare(identity, shown)
    return form, identity


async def _check_year(attempt: Attempt, named: set[int]) -> None:
    """Hold the row's year against those that the page names; where it names none, a person is asked."""
    year = attempt.filing.year
    if named and year not in named:
        others = "、".join(map(str, sorted(named)))
        raise NeedsPerson(f"表格的申请年度是 {year}，平台页面写的是 {others} 年度", "请核对申请年度")
    if named != {year}:
        await attempt.decide(
            f"year {year}",
            f"平台页面没有写明这一笔是哪个年度的申报。表格的申请年度是 {year}，可以按 {year} 年度提交吗？",
            "请核对申请年度",
        )


async def _find(attempt: Attempt, home: Home, employer: Employer) -> Record | None:
    applications = await home.open_applications()
    return await applications.find(attempt.item_names, employer, attempt.filing.year, attempt.is_old)


async def _new(attempt: Attempt, home: Home, employer: Employer) -> Record | None:
    record = await _look_again(attempt, home, employer)
    return None if record and attempt.is_old(record) else record


async def _look_again(attempt: Attempt, home: Home, employer: Employer) -> Record | None:
    await home.back()
    return await _find(attempt, home, employer)


async def _earlier(attempt: Attempt, home: Home, employer: Employer, said: Heard) -> Receipt:
    """The portal says that it has the filing already: its list must have it.

    Raises:
        Refused: it has none there, or the one that it had returned, and takes no other.
    """
    async with attempt.step("查询已有的申报"):
        record = await _look_again(attempt, home, employer)
    if record is None:
        raise Refused(f"平台提示：{said.words}，但{LIST}中没有找到")
    if not attempt.stands(record):
        raise Refused(f"平台提示：{said.words}；已被退回的那一笔还在，平台不受理新的申报")
    return Receipt(record, already_there=True)
