"""The form (H8), 资金用途告知 (H9), 保存 (H12), 采集电子材料 (H13) and 打印申报表."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit, say
from mock_portal.records import Draft, EmployerState
from mock_portal.visit import redirect, route
from mock_portal.world import REFUND

SAVED = "稳岗补贴申请申报成功, 下一步上传相应材料"
ALREADY_FILED = "已经申请过稳岗补贴,请在受理进度页面查询申请进度"
UNDER_12_MONTHS = "去年缴费不满12个月不能申请稳岗补贴"
NOT_ACKNOWLEDGED = "请先阅读并确认资金用途告知"
SAVE_FIRST = "请先保存申报信息"

REQUIRED = {"year": "申请年度", "contact": "联系人", "phone": "联系方式", "payment": "发放方式"}
"""Field → label, in the page's order; 户名, 开户银行 and 银行账号 may stay empty as in the manual."""
BANK = {"account_name": "户名", "bank": "开户银行", "account": "银行账号"}

NOTICE = "稳岗返还资金用途告知"
PROOF = "企业相关证明材料"
PURPOSE = (
    "稳岗返还资金用途以人社部发〔2019〕23号文件规定为准，即：“稳岗返还资金主要用于职工生活补助、缴纳社会保险费、"
    "转岗培训、技能提升培训等稳定就业岗位相关支出”。用人单位应建立失业保险稳岗返还资金使用台账备查。"
)


def _form(visit: Visit) -> Response:
    now = visit.world.clock.now().year
    drafts = visit.world.drafts(visit.employer.code)
    return visit.page(
        "form.html",
        employer=visit.employer,
        years=range(now, now - 6, -1),
        purpose=PURPOSE,
        values=drafts[-1].values if drafts else {"申请年度": str(now)},
        draft=drafts[-1].id if drafts else "",
        save_first=SAVE_FIRST,
    )


def _acknowledge(visit: Visit) -> Response:
    if not visit.pretends:
        visit.world.acknowledge(visit.session, visit.portal.edition.refund_name)
    return say("", done=True)


def _save(visit: Visit) -> Response:
    values = {label: visit.field(name) for name, label in (REQUIRED | BANK).items()}
    refusal = _refusal(visit, values)
    if refusal:
        return say(refusal, done=False)
    if visit.pretends:
        return say(SAVED, done=True, draft="")
    draft = visit.world.save(
        visit.employer.code, REFUND, int(values["申请年度"]), values, beside=visit.beside
    )
    _archive_notice(visit, draft)
    return say(SAVED, done=True, draft=draft.id)


def _refusal(visit: Visit, values: dict[str, str]) -> str:
    """Why 保存 is refused, in the portal's words; empty if it is not."""
    missing = [label for label in REQUIRED.values() if not values[label]]
    if missing:
        return f"{missing[0]}不能为空"
    if not values["申请年度"].isdecimal():
        return "申请年度格式不正确"
    if not visit.session.acknowledged:
        return NOT_ACKNOWLEDGED
    if _filed(visit, int(values["申请年度"])):
        return ALREADY_FILED
    return UNDER_12_MONTHS if visit.employer.state == EmployerState.UNDER_12_MONTHS else ""


def _filed(visit: Visit, year: int) -> bool:
    filings = visit.world.filings(visit.employer.code, portal="henan")
    return any(each.year == year and each.handling != "审核退回" for each in filings)


def _archive_notice(visit: Visit, draft: Draft) -> None:
    """告知书: generated from the acknowledgement and kept as electronic material."""
    if all(each.kind != NOTICE for each in draft.materials):
        text = f"{NOTICE}\n{visit.employer.name}\n{PURPOSE}\n"
        visit.world.attach(draft, NOTICE, "告知书.txt", text.encode(), by="notice")


def _materials(visit: Visit, message: str = "") -> Response:
    draft = visit.world.draft(visit.employer.code, visit.query("draft"))
    made = draft.materials if draft else ()
    rows = [(kind, [each for each in made if each.kind == kind]) for kind in (PROOF, NOTICE)]
    return visit.page(
        "materials.html",
        employer=visit.employer,
        draft=draft,
        rows=rows,
        proof=PROOF,
        message=message or ("" if draft else SAVE_FIRST),
    )


def _upload(visit: Visit) -> Response:
    draft = visit.world.draft(visit.employer.code, visit.query("draft"))
    file = visit.form.get("file")
    if draft is None or not isinstance(file, UploadFile) or not file.filename:
        return _materials(visit, SAVE_FIRST if draft is None else "请选择要上传的文件")
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
