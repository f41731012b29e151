"""The shell: the home, 在线服务, 我的办件, 账户管理 and 实名认证 (G6), all drawn by one page's script."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.guangdong.items import CATEGORIES, REFUND_KEY, items
from mock_portal.guangdong.visit import Visit, by_look, for_unit, listed, say
from mock_portal.provinces import province
from mock_portal.records import Filing
from mock_portal.visit import NOT_OFFERED, route


def _profile(visit: Visit) -> Response:
    handler = visit.world.people.handler(visit.session.login)
    unit = visit.known(visit.session.code)
    return say(
        {
            "unit": unit.name if unit else "",
            "handler": handler.name if handler else "",
            "announcement": visit.world.announcement,
        }
    )


def _items(visit: Visit) -> Response:
    keyword, part = visit.query("keyword"), visit.query("part")
    found = [
        each
        for each in items(visit.world)
        if (keyword and keyword in each.name) or (not keyword and each.part == part)
    ]
    return say([asdict(each) for each in found])


def _guide(visit: Visit) -> Response:
    return visit.page("guide.html", item=visit.query("item"))


def _mine(visit: Visit) -> Response:
    filings = visit.world.filings(visit.employer.code, looked_at=True, portal=visit.portal.key)
    own = [_row(visit, each) for each in filings]
    rows = [*_other_filings(visit), *own]  # the oldest first
    wanted = [each for each in rows if visit.query("keyword") in each["事项名称"]]
    return listed(visit, wanted if visit.portal.spa else wanted[::-1])


def _other_filings(visit: Visit) -> list[dict[str, str]]:
    """Of the unit's other business, done long ago; each on a day of its own."""
    names = [each.name for each in items(visit.world) if each.key != REFUND_KEY]
    since = visit.world.clock.now().replace(hour=10, minute=0, second=0) - timedelta(days=400)
    days = [since + timedelta(days=number) for number in range(visit.world.other_filings)]
    return [
        {
            "办件编号": f"{province(visit.portal.key).serials}{at:%Y%m%d}{900000 + number}",
            "事项名称": names[number % len(names)],
            "申请单位": visit.employer.name,
            "申请年度": str(at.year),
            "申请时间": f"{at:%Y-%m-%d %H:%M:%S}",
            "办件状态": province(visit.portal.key).stages[-1],
        }
        for number, at in enumerate(days)
    ]


def _row(visit: Visit, filing: Filing) -> dict[str, str]:
    return {
        "办件编号": filing.serial,
        "事项名称": visit.world.item_name,
        "申请单位": filing.subject,
        "申请年度": str(filing.year),
        "申请时间": f"{filing.accepted_at:%Y-%m-%d %H:%M:%S}",
        "办件状态": _status(visit, filing),
    }


def _status(visit: Visit, filing: Filing) -> str:
    turned_down = filing.handling == province(visit.portal.key).returned
    return (
        visit.world.returned_label or visit.portal.words(filing.handling) if turned_down else filing.handling
    )


def _account(visit: Visit) -> Response:
    employer, people = visit.employer, visit.world.people
    handlers = [each for each in people.handlers() if people.bound(each, employer)]
    return say(
        {
            "账号信息": {
                "单位账号": employer.login,
                "单位名称": employer.name,
                "统一社会信用代码": employer.code,
                "联系人": employer.contact,
                "联系电话": employer.phone,
            },
            "子账号信息": [
                {"经办人姓名": each.name, "经办人账号": each.account, "绑定状态": "已绑定"}
                for each in handlers
            ],
            "父账号信息": [
                {"单位名称": employer.name, "单位账号": employer.login, "绑定状态": "已绑定"}
                for each in handlers
                if each.account == visit.session.login
            ],
        }
    )


ROUTES: list[Route] = [
    route(
        "/web/index.html", by_look("shell.html", categories=CATEGORIES, not_offered=NOT_OFFERED), Place.HOME
    ),
    route("/api/profile", _profile, Place.PROFILE),
    route("/api/items", _items, Place.ITEMS),
    route("/web/guide.html", _guide, Place.ITEMS),
    route("/api/filings", for_unit(_mine), Place.PROGRESS),
    route("/api/account", for_unit(_account), Place.ACCOUNT),
]
