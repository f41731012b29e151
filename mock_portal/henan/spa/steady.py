"""稳岗返还 as a resource: opened, acknowledged, saved (§3, §5, §6)."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.rules import archive_notice, refusal
from mock_portal.henan.spa.api import HALL, answer, call, draft_of, refuse, unit
from mock_portal.henan.spa.hall import REVIEW_STATES
from mock_portal.henan.visit import Visit
from mock_portal.records import Draft, Employer
from mock_portal.world import REFUND

RESOURCE = f"{HALL}/api/apply/company/steady"
FIELDS = {
    "applyYear": "申请年度",
    "linkman": "联系人",
    "linkPhone": "联系方式",
    "payWay": "发放方式",
    "accountName": "户名",
    "bankName": "开户银行",
    "bankAccount": "银行账号",
}
"""The apply object's fields (inferred) → labels."""
PAY_WAYS = {"1": "单位"}
"""发放方式: a code table, so that the script sends a code."""


def as_apply(visit: Visit, draft: Draft, employer: Employer) -> Mapping[str, str]:
    """A saved form as the script gets it."""
    return {
        "applyId": draft.id,
        "companyId": employer.unit_number,
        "companyName": employer.name,
        "item": visit.portal.item_name(draft.item),
        "fillDate": f"{draft.saved_at:%Y-%m-%d}",
        **as_fields(draft.values),
    }


def as_fields(values: Mapping[str, str]) -> Mapping[str, str]:
    """A form's values under the apply object's names."""
    codes = {name: code for code, name in PAY_WAYS.items()}
    return {
        field: codes.get(values[label], values[label]) for field, label in FIELDS.items() if label in values
    }


def _reviewing(visit: Visit) -> Response:
    """What is in review: a unit that has any is not served."""
    filings = visit.world.filings(unit(visit).code, portal=visit.portal.key)
    own = [each for each in filings if each.item == REFUND and REVIEW_STATES.get(each.handling) == "0"]
    return answer([{"applyType": "1115", "acceptTime": f"{each.accepted_at:%Y-%m-%d}"} for each in own])


def _unsubmitted(visit: Visit) -> Response:
    employer = unit(visit)
    own = [each for each in visit.world.drafts(employer.code) if each.item == REFUND]
    return answer([as_apply(visit, each, employer) for each in own])


def _acknowledge(visit: Visit) -> Response:
    if not visit.pretends:
        visit.world.acknowledge(visit.session, visit.portal.edition.refund_name)
    return answer({})


def _save(visit: Visit) -> Response:
    """POST makes an application, PUT changes the one of its applyId; each request is a commit."""
    employer = unit(visit)
    values = {label: visit.field(field) for field, label in FIELDS.items()}
    values["发放方式"] = PAY_WAYS.get(values["发放方式"], "")
    refused = refusal(visit, employer.code, values)
    if refused:
        return refuse(refused)
    over = draft_of(visit, visit.field("applyId")) if visit.request.method == "PUT" else None
    if visit.pretends:
        sent = {field: visit.field(field) for field in FIELDS}
        return answer({"applyId": visit.field("applyId"), **sent})
    beside = over is None or visit.beside
    draft = visit.world.save(employer.code, REFUND, int(values["申请年度"]), values, beside=beside, over=over)
    return answer(as_apply(visit, archive_notice(visit, draft), employer))


ROUTES: list[Route] = [
    call(f"{HALL}/api/apply/stats/reviewing", _reviewing, Place.FORM_DATA, methods=("POST",)),
    call(RESOURCE, _unsubmitted, Place.FORM_DATA),
    call(RESOURCE, _save, Place.SAVE, methods=("POST", "PUT")),
    call(f"{RESOURCE}/notice", _acknowledge, Place.ACKNOWLEDGE, methods=("POST",)),
]
