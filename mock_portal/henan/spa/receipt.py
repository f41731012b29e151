"""打印申报表 and 单据打印: a PDF as bytes, which the script shows in a dialog (§13)."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.spa.api import HALL, call, draft_of
from mock_portal.henan.spa.pdf import page
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.visit import NO_STORE


def _receipt(visit: Visit) -> Response:
    number = visit.field("reportId")
    filed = (each for each in visit.world.filings(portal=visit.portal.key) if each.serial == number)
    filing = next(filed, None)
    if filing:
        facts = {
            "受理流水号": filing.serial,
            "事项名称": visit.portal.item_name(filing.item),
            "主体名称": filing.subject,
            **filing.values,
            "受理时间": f"{filing.accepted_at:%Y-%m-%d %H:%M:%S}",
            "办理状态": filing.handling,
        }
        return _pdf("业务受理回执", facts)
    draft = draft_of(visit, number)
    employer = visit.known(draft.code)
    if employer is None:
        raise LookupError(visit.portal.says(Words.NO_RECEIPT))
    facts = {"单位编号": employer.unit_number, "单位名称": employer.name, "统一社会信用代码": employer.code}
    return _pdf("河南省失业保险稳岗返还申报表", {**facts, **draft.values})


def _pdf(title: str, facts: dict[str, str]) -> Response:
    lines = [f"{label}：{value}" for label, value in facts.items()]
    body = page(title, [*lines, "", "模拟平台 · 仅供演练与测试，数据不会报送"])
    return Response(body, media_type="application/pdf", headers={**NO_STORE, "url-length": "1"})


ROUTES: list[Route] = [
    call(f"{HALL}/api/dossier/attachment/applyReceipt", _receipt, Place.PRINT, methods=("POST",)),
]
