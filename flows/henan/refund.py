"""稳岗返还: the filing of one employer, step by step as the manuals of 2023 and 2024 tell it."""

from __future__ import annotations

from flows.henan.form import RefundForm
from flows.henan.home import Home
from flows.henan.progress import recent_months
from flows.henan.sign_in import sign_in
from rpa.engine.attempt.attempt import Attempt, Receipt
from rpa.errors import Refused, Unconfirmed
from rpa.filing import Employer, Record

_MONTHS_BACK = 12
"""How far 办理进度查询 is looked through for a filing that is known to exist."""


async def file_refund(attempt: Attempt, employer: Employer) -> Receipt:
    """File 稳岗返还 for one employer at the Henan portal and return the portal's own record of it."""
    year = attempt.filing.year

    async with attempt.step("登录单位网厅"):
        home = await sign_in(attempt, employer)

    record = await _find(attempt, home, "查询是否已申报")
    if record and attempt.stands(record):
        return Receipt(record, already_there=True)

    form = await _fill(attempt, home, employer, year)
    attempt.end_rehearsal_at("fill")

    async with attempt.step("保存", changes=True):
        saved = await form.save()
    if not saved:
        return await _earlier(attempt, home)

    if employer.materials:
        async with attempt.step("采集电子材料", changes=True):
            await form.close_answer()
            await form.upload(employer.materials)

    async with attempt.step("打印申报表"):
        if not employer.materials:
            await form.close_answer()
        await attempt.picture_window(form.print)

    async with attempt.step("打开我的待提交业务"):
        await home.back()
        pending = await home.open_pending()
        await pending.choose(await pending.the_row(attempt.item_names, employer))

    async with attempt.commit("提交申报"):
        await pending.submit()

    async with attempt.step("在办理进度查询中核实"):
        await (pending.close_answer() if attempt.answered else home.back())
        progress = await home.open_progress()
        rows = await attempt.must_find(lambda: progress.rows(attempt.item_names, recent_months(1)[0]))
    async with attempt.step("查看受理详情"):
        record = await progress.record(rows, year)
        if record is None:
            raise Unconfirmed(f"办理进度查询中有该事项，但没有 {year} 年度的")
    return Receipt(record)


async def look_up_refund(attempt: Attempt, employer: Employer) -> Record | None:
    """Find an earlier filing on 办理进度查询; nothing is changed at the portal."""
    async with attempt.step("登录单位网厅"):
        home = await sign_in(attempt, employer)
    return await _find(attempt, home, "在办理进度查询中核实", months=_MONTHS_BACK)


async def _fill(attempt: Attempt, home: Home, employer: Employer, year: int) -> RefundForm:
    """From the home to a form that is filled, acknowledged and held against the row."""
    async with attempt.step("打开稳岗返还申请"):
        form = await home.open_item(attempt.item_names)
        identity = form.identity(employer)
        attempt.compare(identity, await form.read(identity))

    async with attempt.step("填写申请信息"):
        values = await form.values(employer, year)
        await form.fill(values)

    async with attempt.step("阅读资金用途告知"):
        await form.read_purpose(employer, attempt.words)

    async with attempt.step("核对页面与表格"):
        await form.accept_purpose(attempt.words)
        expected = {**identity, **values}
        attempt.compare(expected, await form.read(expected))
    return form


async def _find(attempt: Attempt, home: Home, step: str, *, months: int = 1) -> Record | None:
    """The filing as 办理进度查询 has it; its details are pictured where it is found.

    A month that has the item for another 申请年度 only is not the end: earlier ones are looked through.
    """
    async with attempt.step(step):
        progress = await home.open_progress()
        rows, earlier = await progress.latest(attempt.item_names, recent_months(months))
    while rows:
        async with attempt.step("查看受理详情"):
            record = await progress.record(rows, attempt.filing.year)
        if record:
            return record
        async with attempt.step(f"{step}（更早的月份）"):
            rows, earlier = await progress.latest(attempt.item_names, earlier)
    return None


async def _earlier(attempt: Attempt, home: Home) -> Receipt:
    """The portal says that it has the filing already: find it on the list, further back."""
    async with attempt.step("返回首页"):
        await home.back()
    record = await _find(attempt, home, "查询已有的申报", months=_MONTHS_BACK)
    if record is None:
        raise Refused("平台提示已经申请过稳岗补贴，但近一年的办理进度查询中没有找到")
    return Receipt(record, already_there=True)
