"""单位办理 of 失业保险稳岗补贴信息确认: the refusals, the page 单位信息确认, and 提交 (G6)."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.guangdong.items import REFUND_KEY
from mock_portal.guangdong.login import IDENTITY
from mock_portal.guangdong.visit import Visit, by_look, for_unit, refuse, say
from mock_portal.provinces import province
from mock_portal.records import Employer, EmployerState
from mock_portal.visit import NOT_OFFERED, redirect, route

LOW_TRUST = "目前失业保险稳岗返还信息确认功能支持可信等级核验四级（L2）或更高等级的账号直接进行业务操作"
NOT_AUTHORISED = "您的账号未获得该单位的办理授权，请先申请单位授权码"
NOT_LISTED = "贵单位不在本年度失业保险稳岗返还名单内"
CLOSED = "本年度失业保险稳岗返还工作已结束"
ALREADY_FILED = "贵单位本年度已完成失业保险稳岗返还信息确认，请勿重复提交"
DISPATCH = "劳务派遣单位请通过专用系统办理"
ACCOUNT_MISSING = "银行账户信息不完整，请补充后再提交"
CONTACT_MISSING = "联系人和联系电话不能为空"

TRUSTED = 4
"""可信等级 四级（L2）."""
ACCOUNT = {"account_name": "户名", "bank": "开户银行", "account": "银行账号"}
CONTACT = {"contact": "联系人", "phone": "联系电话"}
"""Field → label, in the page's order."""
TITLE = "单位信息确认"
PAGE = "/web/business/confirm.html"


def _open(visit: Visit) -> Response:
    if visit.field("item") != REFUND_KEY:
        return refuse(visit, NOT_OFFERED)
    refusal = "" if visit.portal.spa else _refusal(visit)  # there, the page's own data say no
    address = f"{visit.portal.sites.business}{PAGE}" if visit.portal.spa else PAGE
    return refuse(visit, refusal) if refusal else say({"address": address, "opens": visit.world.opens})


def _refusal(visit: Visit) -> str:
    """Why this unit cannot confirm anything, in the portal's words; empty if it can."""
    employer, state = visit.employer, visit.employer.state
    by_identity = visit.session.way.startswith(IDENTITY)
    reasons = (
        (LOW_TRUST, by_identity and employer.trust_level < TRUSTED),
        (NOT_AUTHORISED, state == EmployerState.NOT_AUTHORISED),
        (DISPATCH, state == EmployerState.DISPATCH),
        (ALREADY_FILED, _filed(visit)),
        (CLOSED, visit.world.closed or state == EmployerState.CLOSED),
        (NOT_LISTED, state == EmployerState.NOT_LISTED),
    )
    return next((words for words, applies in reasons if applies), "")


def _filed(visit: Visit) -> bool:
    filings = visit.world.filings(visit.employer.code, portal=visit.portal.key)
    turned_down = province(visit.portal.key).returned
    return any(each.year == _year(visit) and each.handling != turned_down for each in filings)


def _year(visit: Visit) -> int:
    return visit.world.business_year or visit.world.clock.now().year


def _data(visit: Visit) -> Response:
    employer = visit.employer
    refusal = _refusal(visit)
    if refusal:
        return refuse(visit, refusal)
    facts = {
        "单位名称": employer.name,
        "统一社会信用代码": employer.code,
        "单位管理码": employer.unit_number,
        "单位划型": employer.scale,
        "参保人数": str(employer.insured),
        "返还金额": employer.amount,
    }
    if visit.world.year_in == "field":
        facts["申请年度"] = str(_year(visit))
    return say(
        {
            **_told(visit),
            "facts": facts,
            "account": _held(employer, ACCOUNT),
            "contact": _held(employer, CONTACT),
            "locked": employer.state == EmployerState.ACCOUNT_LOCKED,
        }
    )


def _told(visit: Visit) -> dict[str, str]:
    """The page's title and its prose, one of which may be the only place that says the year."""
    named = f"{_year(visit)}年度失业保险稳岗返还信息确认"
    return {
        "title": named if visit.world.year_in == "title" else TITLE,
        "prose": f"请核对本单位{named}的内容，如有变动请及时更正。" if visit.world.year_in == "prose" else "",
    }


def _held(employer: Employer, fields: dict[str, str]) -> list[dict[str, str]]:
    """What the portal has on file, for the page's controls."""
    return [
        {"name": name, "label": label, "value": getattr(employer, name)} for name, label in fields.items()
    ]


def _submit(visit: Visit) -> Response:
    employer, now = visit.employer, visit.world.clock.now()
    values = _sent(visit, employer)
    refusal = _objection(visit, values)
    if refusal:
        return refuse(visit, refusal)
    if visit.pretends:
        return say({"serial": f"4400{now:%Y%m%d}000000"})
    filing = visit.world.confirm(visit.portal.key, employer.code, _year(visit), values, twice=visit.beside)
    return say({"serial": filing.serial})


def _sent(visit: Visit, employer: Employer) -> dict[str, str]:
    """Label → value of a submission; what the page does not let anybody change is the portal's own."""
    locked = employer.state == EmployerState.ACCOUNT_LOCKED
    account = {
        label: getattr(employer, name) if locked else visit.field(name) for name, label in ACCOUNT.items()
    }
    contact = {label: visit.field(name) for name, label in CONTACT.items()}
    return {"申请年度": str(_year(visit)), **account, **contact}


def _objection(visit: Visit, values: dict[str, str]) -> str:
    """Why 提交 is refused; empty if it is not. At a naive portal what was submitted before is no reason."""
    if visit.world.refuses_duplicates and _filed(visit):
        return ALREADY_FILED
    missing = any(not values[label] for label in ACCOUNT.values())
    if missing or visit.employer.state == EmployerState.ACCOUNT_MISSING:
        return ACCOUNT_MISSING
    return CONTACT_MISSING if any(not values[label] for label in CONTACT.values()) else ""


def _receipt(visit: Visit) -> Response:
    filings = visit.world.filings(visit.session.code, portal=visit.portal.key) if visit.session.code else ()
    filing = next((each for each in filings if each.serial == visit.query("serial")), None)
    if filing is None:
        return redirect(f"{visit.portal.sites.portal}/web/index.html#/mine")
    return by_look("receipt.html", filing=filing, now=visit.world.clock.now())(visit)


ROUTES: list[Route] = [
    route("/api/open", for_unit(_open), Place.OPEN, methods=("POST",)),
    route(PAGE, by_look("confirm.html"), Place.FORM),
    route("/api/confirm", for_unit(_data), Place.FORM_DATA),
    route("/api/confirm/submit", for_unit(_submit), Place.SUBMIT, methods=("POST", "PUT")),
    route("/web/business/receipt.html", _receipt, Place.PRINT),
]
