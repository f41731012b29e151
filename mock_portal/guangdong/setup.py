"""The first login by the identity provider (G3): 单位所属实名人员信息, 单位信息, and then all over again."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.guangdong.visit import Visit, refuse, say
from mock_portal.visit import route

WRONG_PERSON = "个人账号或密码错误"
DONE = "信息完善成功，请关闭页面，清理浏览器缓存后重新登录"
NEEDED = "请填写完整的单位信息"


def _page(visit: Visit) -> Response:
    if not visit.session.setup:
        return visit.portal.expired(visit.request)
    return visit.page("init.html", step=visit.session.setup, employer=visit.employer)


def _person(visit: Visit) -> Response:
    if not visit.session.setup:
        return visit.portal.expired(visit.request)
    handler = visit.world.people.handler(visit.field("account"))
    if handler is None or visit.field("password") != handler.password:
        visit.world.sessions.refuse(visit.field("account"))
        return refuse(WRONG_PERSON)
    if not visit.pretends:
        visit.world.sessions.name_handler(visit.session, handler.account)
    return say()


def _unit(visit: Visit) -> Response:
    if visit.session.setup != "unit":
        return visit.portal.expired(visit.request)
    contact, phone = visit.field("contact"), visit.field("phone")
    if not contact or not phone:
        return refuse(NEEDED)
    if not visit.pretends:
        visit.world.set_up(visit.session, contact, phone)
    return say({"message": DONE})


ROUTES: list[Route] = [
    route("/isso/init.html", _page, Place.SETUP, public=True),
    route("/api/setup/person", _person, Place.SETUP_SAVE, methods=("POST",), public=True),
    route("/api/setup/unit", _unit, Place.SETUP_SAVE, methods=("POST",), public=True),
]
