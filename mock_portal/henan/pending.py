"""我的待提交业务 → 待提交申报管理 (H14): where a saved form is submitted."""

from __future__ import annotations

from collections import Counter

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit, say
from mock_portal.henan.words import Words
from mock_portal.records import Draft
from mock_portal.visit import redirect, route


def _pending(visit: Visit, message: str = "") -> Response:
    drafts = visit.world.drafts(visit.employer.code)
    kinds = Counter(visit.portal.item_name(draft.item) for draft in drafts)
    return visit.page(
        "pending.html",
        employer=visit.employer,
        drafts=drafts,
        kinds=kinds,
        message=message,
        choose=visit.portal.says(Words.CHOOSE),
    )


def _submit(visit: Visit) -> Response:
    told, done = _commit(visit)
    message = visit.portal.says(told)
    if visit.request.headers.get("x-requested-with") == "XMLHttpRequest":
        return say(message, done=done)
    return _pending(visit, message)


def _commit(visit: Visit) -> tuple[Words, bool]:
    drafts = _chosen(visit)
    if not drafts:
        return Words.CHOOSE, False
    if visit.world.refuses_duplicates and any(draft.submitted for draft in drafts):
        return Words.TWICE, False
    if not visit.pretends:
        for draft in drafts:
            visit.world.submit(draft, visit.portal.key)
    return Words.SUBMITTED, True


def _chosen(visit: Visit) -> list[Draft]:
    ids = [value for value in visit.form.getlist("draft") if isinstance(value, str)]
    found = (visit.world.draft(visit.employer.code, each) for each in ids)
    return [draft for draft in found if draft]


def _delete(visit: Visit) -> Response:
    for draft in _chosen(visit):
        if not visit.pretends:
            visit.world.delete(draft)
    return redirect("/unit/pending")


def _detail(visit: Visit) -> Response:
    draft = visit.world.draft(visit.employer.code, visit.request.path_params["draft"])
    if draft is None:
        return redirect("/unit/pending")
    facts = {
        "单位编号": visit.employer.unit_number,
        "单位名称": visit.employer.name,
        "统一社会信用代码": visit.employer.code,
        **draft.values,
        "填报日期": f"{draft.saved_at:%Y-%m-%d}",
    }
    return visit.page("detail.html", title="申报详情", facts=facts)


ROUTES: list[Route] = [
    route("/unit/pending", _pending, Place.PENDING),
    route("/unit/pending/submit", _submit, Place.SUBMIT, methods=("POST",)),
    route("/unit/pending/delete", _delete, Place.DELETE, methods=("POST",)),
    route("/unit/pending/{draft}", _detail, Place.PENDING),
]
