"""The first login by the identity provider (G3): 单位所属实名人员信息, 单位信息, and then all over again."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.guangdong.visit import Visit, refuse, say
from mock_portal.records import Handler
from mock_portal.visit import route

WRONG_PERSON = "个人账号或密码错误"
WRONG_IDENTITY = "经办人姓名与身份证件号码不一致"
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
        return refuse(visit, WRONG_PERSON)
    if visit.world.setup_asks_identity and not _is(visit, handler):
        return refuse(visit, WRONG_IDENTITY)
    if not visit.pretends:
        visit.world.sessions.name_handler(visit.session, handler.account)
    return say()


def _is(visit: Visit, handler: Handler) -> bool:
    given = (visit.field("name"), visit.field("id_number").upper())
    return given == (handler.name, handler.id_number)


def _unit(visit: Visit) -> Response:
    if visit.session.setup != "unit":
        return visit.portal.expired(visit.request)
    contact, phone = visit.field("contact"), visit.field("phone")
    if not contact or not phone:
        return refuse(visit, NEEDED)
    if not visit.pretends:
        visit.world.set_up(visit.session, contact, phone)
    return say({"message": visit.portal.words(DONE)})


ROUTES: list[Route] = [
    route("/isso/init.html", _page, Place.SETUP, public=True),
    route("/api/setup/person", _person, Place.SETUP_SAVE, methods=("POST",), public=True),
    route("/api/setup/unit", _unit, Place.SETUP_SAVE, methods=("POST",), public=True),
]
