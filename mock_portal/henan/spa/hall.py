"""The page itself, who has signed in, the home's figures, and the screen 单位业务 (§2, §4, §12)."""

from __future__ import annotations

from collections import Counter

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.rules import PURPOSE
from mock_portal.henan.spa.api import HALL, answer, call, unit
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.visit import NOT_OFFERED

MENUS = ("/home", "/company", "/declare/on", "/declare/off", "/search", "/review/reviewed", "/submit/pending")
"""Where a user without a certificate may go; the page knows more routes than these (§2)."""
REVIEW_STATES = {"待办理": "0", "审核中": "0", "已通过": "1", "审核退回": "3"}
"""办理状态 → the state code of the home's counters (§9)."""


def _page(visit: Visit) -> Response:
    world = visit.world
    switches = {
        "newestFirst": world.newest_first,
        "ignoredClicks": world.ignored_clicks,
        "countdown": world.countdown_seconds if visit.portal.edition.counts_down else 0,
        "ticks": visit.portal.edition.counts_down,
        "submitLabel": world.submit_label,
        "noticeOpens": world.notice_opens,
        "foldedMenus": world.folded_menus,
        "item": visit.portal.edition.refund_name,
        "notOffered": NOT_OFFERED,
        "purpose": PURPOSE,
        "today": f"{world.clock.now():%Y-%m-%d}",
    }
    words = visit.portal.script_words([each.name for each in Words])
    return visit.page("spa/index.html", switches=switches, words=words)


def _sso(visit: Visit) -> Response:
    name = visit.query("callback")
    body = f'{name if name.isidentifier() else "void"}("{visit.session.id[:8]}")'
    return Response(body, media_type="application/javascript")


def _user(visit: Visit) -> Response:
    return answer(
        {"loginName": visit.employer.code, "companyId": visit.employer.unit_number, "tail": "免数字证书认证"}
    )


def _menus(_visit: Visit) -> Response:
    return answer([{"path": path} for path in MENUS])


def _company(visit: Visit) -> Response:
    employer = unit(visit)
    return answer(
        {
            "companyId": employer.unit_number,
            "companyName": employer.name,
            "creditCode": employer.code,
            "companyType": employer.kind,
            "affiliation": employer.affiliation,
        }
    )


def _codes(visit: Visit) -> Response:
    """Code tables: lists of value and name (§11)."""
    year = visit.world.clock.now().year
    years = [{"value": str(each), "name": str(each)} for each in range(year, year - 6, -1)]
    states = {"0": "审核中", "1": "审核通过", "3": "审核退回"}
    return answer(
        {
            "APPLY_YEAR": years,
            "PAY_WAY": [{"value": "1", "name": "单位"}],
            "REVIEW_STATE": [{"value": value, "name": name} for value, name in states.items()],
        }
    )


def _profile(visit: Visit) -> Response:
    employer = unit(visit)
    month = f"{visit.world.clock.now():%Y%m}"
    filed = visit.world.filings(employer.code, portal=visit.portal.key)
    states = Counter(
        REVIEW_STATES.get(each.handling, "") for each in filed if f"{each.accepted_at:%Y%m}" == month
    )
    waiting = len(visit.world.drafts(employer.code))
    return answer(
        {"unSubmit": waiting, "underRecheck": states["0"], "approve": states["1"], "back": states["3"]}
    )


def _banner(visit: Visit) -> Response:
    return answer({"show": bool(visit.world.announcement), "notice": visit.world.announcement})


def _items(visit: Visit) -> Response:
    refusal = visit.portal.says(Words.ITEM_REFUSED)
    return visit.page("spa/company.html", items=visit.portal.edition.items, refusal=refusal)


def _form(visit: Visit) -> Response:
    return visit.page("spa/steady.html", done=visit.portal.says(Words.DUTY_DONE))


ROUTES: list[Route] = [
    call(f"{HALL}/", _page, Place.HOME, public=True),
    call("/uaa/ssoSessionId", _sso, Place.PROFILE, public=True),
    call(f"{HALL}/api/security/user", _user, Place.PROFILE),
    call(f"{HALL}/api/security/user/ehrss-si-enterprise/menus", _menus, Place.PROFILE),
    call(f"{HALL}/api/simis/companys", _company, Place.PROFILE),
    call(f"{HALL}/api/selectcodes", _codes, Place.PROFILE),
    call(f"{HALL}/api/apply/profile", _profile, Place.PROFILE),
    call(f"{HALL}/api/simis/banner/notice", _banner, Place.PROFILE),
    call(f"{HALL}/modules/company/company.html", _items, Place.ITEMS),
    call(f"{HALL}/modules/company/apply/steadysubsidies/steady.html", _form, Place.FORM),
]
