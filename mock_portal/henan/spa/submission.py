"""我的待提交业务, the submission, and the review list (§8, §9)."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.spa.api import HALL, answer, call, draft_of, refuse, unit
from mock_portal.henan.spa.hall import REVIEW_STATES
from mock_portal.henan.spa.steady import RESOURCE, as_apply, as_fields
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.records import Draft, Filing


def _pending(visit: Visit) -> Response:
    employer = unit(visit)
    return answer([as_apply(visit, each, employer) for each in visit.world.drafts(employer.code)])


def _submit(visit: Visit) -> Response:
    """PUT with the applyIds alone; each request that arrives is a commit, unless duplicates are refused."""
    drafts = _chosen(visit)
    if visit.world.refuses_duplicates and any(each.submitted for each in drafts):
        return refuse(visit.portal.says(Words.GONE))
    if not visit.pretends:
        for each in drafts:
            visit.world.submit(each, visit.portal.key)
    return answer({"applyIdList": [each.id for each in drafts]})


def _chosen(visit: Visit) -> list[Draft]:
    """Those of the request's applyIdList, all of them.

    Raises:
        LookupError: one of them is unknown, or none is named.
    """
    ids = [each for each in visit.form.getlist("applyIdList") if isinstance(each, str)]
    if not ids:
        raise LookupError(visit.portal.says(Words.CHOOSE_ROWS))
    return [draft_of(visit, each) for each in ids]


def _delete(visit: Visit) -> Response:
    named = visit.request.path_params.get("id")
    for draft in [draft_of(visit, named)] if named else _chosen(visit):
        if not visit.pretends:
            visit.world.delete(draft)
    return answer({})


def _reviewed(visit: Visit) -> Response:
    """The unit's filings of one month (受理时间) and state, or the one of a serial number."""
    filings = visit.world.filings(unit(visit).code, looked_at=True, portal=visit.portal.key)
    month, state, serial = (visit.query(name) for name in ("issue", "reviewedStatus", "acceptNumber"))
    return answer(
        [
            _as_reviewed(visit, each)
            for each in filings
            if serial in ("", each.serial)
            and month in ("", f"{each.accepted_at:%Y%m}")
            and state in ("", REVIEW_STATES.get(each.handling))
        ]
    )


def _as_reviewed(visit: Visit, filing: Filing) -> dict[str, str]:
    return {
        **as_fields(filing.values),
        "acceptNumber": filing.serial,
        "item": visit.portal.item_name(filing.item),
        "acceptTime": f"{filing.accepted_at:%Y-%m-%d %H:%M:%S}",
        "subject": filing.subject,
        "acceptState": filing.acceptance,
        "handleState": filing.handling,
        "agency": filing.area,
        "area": filing.area,
    }


ROUTES: list[Route] = [
    call(f"{HALL}/api/apply/unsubmitted", _pending, Place.PENDING),
    call(f"{RESOURCE}/submission", _submit, Place.SUBMIT, methods=("PUT",)),
    call(f"{RESOURCE}/submission", _reviewed, Place.PROGRESS),
    call(f"{RESOURCE}/batchDelete", _delete, Place.DELETE, methods=("POST",)),
    call(f"{RESOURCE}/{{id}}", _delete, Place.DELETE, methods=("DELETE",)),
]
