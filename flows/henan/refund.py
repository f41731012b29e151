"""稳岗返还: the filing of one employer, step by step as the manuals of 2023 and 2024 tell it."""

from __future__ import annotations

from flows.henan.form import RefundForm
from flows.henan.home import Home
from flows.henan.progress import recent_months
from flows.henan.sign_in import sign_in
from rpa.browser.speech import Heard, Tone
from rpa.engine.attempt.attempt import Attempt, Receipt
from rpa.errors import Refused, Unavailable, Unconfirmed
from rpa.filing import Employer, Record

_FIRST_STEP, _EARLIER_STEP, _PROOF_STEP = "查询是否已申报", "查询已有的申报", "在办理进度查询中核实"
_READING_STEP = "阅读资金用途告知"
_MONTHS_BACK = 12
"""How far 办理进度查询 is looked through for a filing that is known to exist."""


async def file_refund(attempt: Attempt, employer: Employer) -> Receipt:
    """File 稳岗返还 for one employer at the Henan portal and return the portal's own record of it."""
    year = attempt.filing.year

    async with attempt.step("登录单位网厅"):
        home = await sign_in(attempt, employer)

    record = await _find(attempt, home, employer, _FIRST_STEP)
    if record and attempt.stands(record):
        return Receipt(record, already_there=True)

    form = await _fill(attempt, home, employer, year)
    if isinstance(form, Heard):
        return await _earlier(attempt, home, employer, form)
    attempt.end_rehearsal_at("fill")

    async with attempt.step("保存", changes=True):
        saved = await form.save()
    if saved.tone(Tone.ALREADY, Tone.IN_REVIEW):
        return await _earlier(attempt, home, employer, saved)
    await _complete(attempt, form, employer)

    async with attempt.step("打开我的待提交业务"):
        await home.back()
        pending = await home.open_pending()
        row = await pending.find(attempt.item_names, employer)
        button = await pending.choose(row) if row else None
    if button is None:
        return await _not_saved(attempt, home, employer, saved)

    async with attempt.commit("提交申报"):
        await pending.submit(button)

    async with attempt.step(_PROOF_STEP):
        await home.back()
        progress = await home.open_progress()
        rows = await attempt.must_find(
            lambda: progress.rows(attempt.item_names, employer, recent_months(1)[0])
        )
    async with attempt.step("查看受理详情"):
        record = await progress.record(rows, year, attempt.is_old)
        if record is None or attempt.is_old(record):
            raise Unconfirmed(f"办理进度查询中有该事项，但没有 {year} 年度的")
    return Receipt(record)


async def look_up_refund(attempt: Attempt, employer: Employer) -> Record | None:
    """Find an earlier filing on 办理进度查询; nothing is changed at the portal."""
    async with attempt.step("登录单位网厅"):
        home = await sign_in(attempt, employer)
    return await _find(attempt, home, employer, _PROOF_STEP, months=_MONTHS_BACK)


async def still_pending(attempt: Attempt, employer: Employer) -> bool:
    """Whether the saved form still waits in 我的待提交业务: then it was not submitted."""
    async with attempt.step("在我的待提交业务中核实"):
        home = await Home.at_hand(attempt.session)
        pending = await home.open_pending()
        return await pending.find(attempt.item_names, employer) is not None


async def _fill(attempt: Attempt, home: Home, employer: Employer, year: int) -> RefundForm | Heard:
    """From the home to a form that is filled, acknowledged and held against the row.

    What the portal said instead, where it has the application already.
    """
    async with attempt.step("打开稳岗返还申请"):
        await home.back()
        form = await home.open_item(attempt.item_names)
        if isinstance(form, Heard):
            return form
        identity = form.identity(employer)
        attempt.compare(identity, await form.read(identity, filled=True))

    if came_first := await form.notice_stands():
        async with attempt.step(_READING_STEP):
            await form.read_purpose(employer)

    async with attempt.step("填写申请信息"):
        if came_first:
            await form.accept_purpose()
        values = await form.values(employer, year)
        await form.fill(values)

    if not came_first:
        async with attempt.step(_READING_STEP):
            await form.read_purpose(employer)

    async with attempt.step("核对页面与表格"):
        if not came_first:
            await form.accept_purpose()
        expected = {**identity, **values}
        attempt.compare(expected, await form.read(expected))
    return form


async def _complete(attempt: Attempt, form: RefundForm, employer: Employer) -> None:
    """What follows the saving: materials where there are any, and the printed form."""
    if employer.materials:
        async with attempt.step("采集电子材料", changes=True):
            await form.close_answer()
            await form.upload(employer.materials)
    async with attempt.step("打印申报表"):
        await form.close_answer()
        await attempt.print_out(form.print)


async def _find(
    attempt: Attempt, home: Home, employer: Employer, step: str, *, months: int = 1
) -> Record | None:
    """The filing as 办理进度查询 has it; its details are pictured where it is found.

    A month that has the item for another 申请年度 only is not the end: earlier ones are looked through.
    """
    async with attempt.step(step):
        progress = await home.open_progress()
        rows, earlier = await progress.latest(attempt.item_names, employer, recent_months(months))
    while rows:
        async with attempt.step("查看受理详情"):
            record = await progress.record(rows, attempt.filing.year, attempt.is_old)
        if record:
            return record
        async with attempt.step(f"{step}（更早的月份）"):
            rows, earlier = await progress.latest(attempt.item_names, employer, earlier)
    return None


async def _earlier(attempt: Attempt, home: Home, employer: Employer, said: Heard) -> Receipt:
    """The portal says that it has the filing already: find it on the list, further back.

    Raises:
        Refused: it has none there, or the one that it had returned, and takes no other.
    """
    record = await _find_further_back(attempt, home, employer)
    if record is None:
        raise Refused(f"平台提示：{said.words}，但近一年的办理进度查询中没有找到")
    if not attempt.stands(record):
        raise Refused(f"平台提示：{said.words}；已被退回的那一笔还在，平台不受理新的申报")
    return Receipt(record, already_there=True)


async def _not_saved(attempt: Attempt, home: Home, employer: Employer, said: Heard) -> Receipt:
    """Nothing waits to be submitted, and no known words refused: perhaps the portal has the filing already.

    Raises:
        Unavailable: it has not.
    """
    record = await _find_further_back(attempt, home, employer)
    if record is None or not attempt.stands(record):
        raise Unavailable(f"保存后“我的待提交业务”中没有这笔申报；保存时平台提示：{said.words}")
    return Receipt(record, already_there=True)


async def _find_further_back(attempt: Attempt, home: Home, employer: Employer) -> Record | None:
    async with attempt.step("返回首页"):
        await home.back()
    return await _find(attempt, home, employer, _EARLIER_STEP, months=_MONTHS_BACK)
