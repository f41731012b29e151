"""办理进度查询 → 审核结果查询 (H15): the list that proves a filing."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.records import Filing
from mock_portal.visit import redirect, route

BY_UNIT, BY_PERSON, BY_SERIAL = "单位业务", "人员业务", "受理流水号"
KINDS = (BY_UNIT, BY_PERSON, BY_SERIAL)


def _progress(visit: Visit) -> Response:
    kind = visit.query("kind") or BY_UNIT
    month = visit.query("month")
    serial = visit.query("serial")
    asked = "kind" in visit.request.query_params
    complaint = _complaint(kind, month, serial) if asked else None
    rows = _rows(visit, kind, month, serial) if asked and not complaint else ()
    return visit.page(
        "progress.html",
        kinds=KINDS,
        kind=kind,
        month=month or f"{visit.world.clock.now():%Y%m}",
        serial=serial,
        rows=rows,
        asked=asked,
        message=visit.portal.says(complaint) if complaint else "",
    )


def _complaint(kind: str, month: str, serial: str) -> Words | None:
    if kind == BY_SERIAL:
        return None if serial else Words.ASK_SERIAL
    return None if len(month) == len("YYYYMM") and month.isdecimal() else Words.ASK_MONTH


def _rows(visit: Visit, kind: str, month: str, serial: str) -> tuple[Filing, ...]:
    if kind == BY_PERSON:
        return ()
    filings = visit.world.filings(visit.employer.code, looked_at=True, portal="henan")
    if kind == BY_SERIAL:
        return tuple(each for each in filings if each.serial == serial)
    return tuple(each for each in filings if f"{each.accepted_at:%Y%m}" == month)


def _one(visit: Visit) -> Filing | None:
    filings = visit.world.filings(visit.employer.code, portal="henan")
    return next((each for each in filings if each.serial == visit.request.path_params["serial"]), None)


def _detail(visit: Visit) -> Response:
    filing = _one(visit)
    if filing is None:
        return redirect("/unit/progress")
    return visit.page("detail.html", title="业务详情", facts=_facts(visit, filing))


def _receipt(visit: Visit) -> Response:
    filing = _one(visit)
    if filing is None:
        return redirect("/unit/progress")
    return visit.page("receipt.html", facts=_facts(visit, filing), now=visit.world.clock.now())


def _facts(visit: Visit, filing: Filing) -> dict[str, str]:
    return {
        "受理流水号": filing.serial,
        "事项名称": visit.portal.item_name(filing.item),
        "主体名称": filing.subject,
        "统一社会信用代码": filing.code,
        **filing.values,
        "受理时间": f"{filing.accepted_at:%Y-%m-%d %H:%M:%S}",
        "受理状态": filing.acceptance,
        "办理状态": filing.handling,
        "受理经办机构": filing.area,
        "受理统筹区": filing.area,
    }


ROUTES: list[Route] = [
    route("/unit/progress", _progress, Place.PROGRESS),
    route("/unit/progress/{serial}", _detail, Place.PROGRESS),
    route("/unit/progress/{serial}/receipt", _receipt, Place.PRINT),
]
