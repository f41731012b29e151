"""The form (H8), 资金用途告知 (H9), 保存 (H12), 采集电子材料 (H13) and 打印申报表."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.rules import NOTICE, PROOF, PURPOSE, archive_notice, refusal
from mock_portal.henan.visit import Visit, say
from mock_portal.henan.words import Words
from mock_portal.visit import redirect, route
from mock_portal.world import REFUND

FIELDS = {
    "year": "申请年度",
    "contact": "联系人",
    "phone": "联系方式",
    "payment": "发放方式",
    "account_name": "户名",
    "bank": "开户银行",
    "account": "银行账号",
}


def _form(visit: Visit) -> Response:
    now = visit.world.clock.now().year
    drafts = [each for each in visit.world.drafts(visit.employer.code) if each.item == REFUND]
    return visit.page(
        "form.html",
        employer=visit.employer,
        years=range(now, now - 6, -1),
        purpose=PURPOSE,
        values=drafts[-1].values if drafts else {"申请年度": str(now)},
        draft=drafts[-1].id if drafts else "",
        save_first=visit.portal.says(Words.SAVE_FIRST),
    )


def _acknowledge(visit: Visit) -> Response:
    if not visit.pretends:
        visit.world.acknowledge(visit.session, visit.portal.edition.refund_name)
    return say("", done=True)


def _save(visit: Visit) -> Response:
    values = {label: visit.field(name) for name, label in FIELDS.items()}
    refused = refusal(visit, visit.employer.code, values)
    if refused:
        return say(refused, done=False)
    saved = visit.portal.says(Words.SAVED)
    if visit.pretends:
        return say(saved, done=True, draft="")
    draft = visit.world.save(
        visit.employer.code, REFUND, int(values["申请年度"]), values, beside=visit.beside
    )
    archive_notice(visit, draft)
    return say(saved, done=True, draft=draft.id)


def _materials(visit: Visit, told: Words | None = None) -> Response:
    draft = visit.world.draft(visit.employer.code, visit.query("draft"))
    made = draft.materials if draft else ()
    rows = [(kind, [each for each in made if each.kind == kind]) for kind in (PROOF, NOTICE)]
    told = told or (None if draft else Words.SAVE_FIRST)
    return visit.page(
        "materials.html",
        employer=visit.employer,
        draft=draft,
        rows=rows,
        proof=PROOF,
        message=visit.portal.says(told) if told else "",
    )


def _upload(visit: Visit) -> Response:
    draft = visit.world.draft(visit.employer.code, visit.query("draft"))
    file = visit.form.get("file")
    if draft is None or not isinstance(file, UploadFile) or not file.filename:
        return _materials(visit, Words.SAVE_FIRST if draft is None else Words.CHOOSE_PICTURE)
    if not visit.pretends:
        visit.world.attach(draft, PROOF, file.filename, file.file.read())
    return redirect(f"/unit/refund/materials?draft={draft.id}")


def _print(visit: Visit) -> Response:
    draft = visit.world.draft(visit.employer.code, visit.query("draft"))
    if draft is None:
        return redirect("/unit/home")
    return visit.page("print_form.html", employer=visit.employer, draft=draft, now=visit.world.clock.now())


ROUTES: list[Route] = [
    route("/unit/refund", _form, Place.FORM),
    route("/unit/refund/acknowledge", _acknowledge, Place.ACKNOWLEDGE, methods=("POST",)),
    route("/unit/refund/save", _save, Place.SAVE, methods=("POST",)),
    route("/unit/refund/materials", _materials, Place.MATERIALS),
    route("/unit/refund/materials", _upload, Place.UPLOAD, methods=("POST",)),
    route("/unit/refund/print", _print, Place.PRINT),
]
