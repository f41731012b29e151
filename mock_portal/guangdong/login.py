"""The login page (G1), the way back from the identity provider, and the choice of the unit (G5)."""

from __future__ import annotations

from base64 import b64encode

from starlette.responses import Response
from starlette.routing import Route

from mock_portal import visit as serving
from mock_portal.faults import Place
from mock_portal.guangdong.visit import LOGIN, AnySite, Visit, by_look, listed, refuse, say
from mock_portal.records import Employer, Handler
from mock_portal.visit import captcha, redirect, route

OWN, HANDLER, IDENTITY = "单位登录", "个人登录", "省统一身份认证"
"""How somebody signed in, as the journal says it; the identity provider adds its own way."""
WRONG_CAPTCHA = "验证码错误"
WRONG_ACCOUNT = "账号或密码错误"
NONE_BOUND = "您的账号未绑定任何单位，请先完成绑定"
NOT_BOUND = "您未绑定该单位"
BAD_TICKET = "登录凭证无效或已使用，请重新登录"
HOME = "/web/index.html#/home"


def _front(visit: Visit) -> Response:
    """Home for who is signed in; a browser takes the address's hash along."""
    return redirect("/web/index.html" if visit.portal.admits(visit.session) else LOGIN)


def _unit(visit: Visit) -> Response:
    account = visit.field("account")
    employer = visit.world.employer_of(account, visit.portal.key)
    refusal = objection(visit, employer)
    if refusal or not employer:
        return refuse(visit, refusal)
    if not visit.pretends:
        visit.world.sessions.sign_in(visit.session, employer.code, account=account, way=OWN)
    return say({"address": HOME})


def _person(visit: Visit) -> Response:
    account = visit.field("account")
    refusal = objection(visit, visit.world.people.handler(account))
    if refusal:
        return refuse(visit, refusal)
    if not visit.pretends:
        visit.world.sessions.sign_in(visit.session, "", account=account, way=HANDLER)
    return say()


def objection(
    visit: serving.Visit[AnySite], owner: Employer | Handler | None, *, asks_captcha: bool = True
) -> str:
    """Why an account's owner (``None``: there is no such account) is not let in; empty if it is.

    The captcha, where there is one, is spent first.
    """
    sessions = visit.world.sessions
    if asks_captcha and not sessions.spend_captcha(visit.session, visit.field("captcha")):
        return WRONG_CAPTCHA
    if owner is None or visit.field("password") != owner.password:
        sessions.refuse(visit.field("account"))
        return WRONG_ACCOUNT
    return ""


def new_sum(visit: serving.Visit[AnySite]) -> Response:
    """The handler of an arithmetic captcha, as a page's script puts it on the page: a new one each time."""
    drawn = b64encode(visit.world.sessions.new_captcha(visit.session, arithmetic=True)).decode()
    return say({"image": f"data:image/png;base64,{drawn}"})


def _to_identity(visit: Visit) -> Response:
    return redirect(f"{visit.portal.sites.identity}/login")


def _back_from_identity(visit: Visit) -> Response:
    ticket = visit.world.people.redeem(visit.query("ticket"))
    if ticket is None:
        return visit.page("notice.html", text=visit.portal.words(BAD_TICKET))
    way = f"{IDENTITY}-{ticket.way}"
    employer = visit.known(ticket.code)
    if employer and employer.first_login:
        visit.world.sessions.begin_setup(visit.session, employer.code, way)
        return redirect("/isso/init.html")
    visit.world.sessions.sign_in(visit.session, ticket.code, account=ticket.account, way=way)
    return redirect(HOME)


def _units(visit: Visit) -> Response:
    bound = _bound(visit)
    if visit.portal.spa and not bound:
        return refuse(visit, NONE_BOUND)
    return listed(visit, [_shown(each) for each in bound])


def _bound(visit: Visit) -> list[Employer]:
    people = visit.world.people
    handler = people.handler(visit.session.login)
    known = visit.world.known_employers(visit.portal.key)
    return [each for each in known if handler and people.bound(handler, each)]


def _shown(employer: Employer) -> dict[str, str]:
    return {
        "单位名称": employer.name,
        "统一社会信用代码": employer.code,
        "单位管理码": employer.unit_number,
    }


def _choose(visit: Visit) -> Response:
    code = visit.field("code")
    if all(each.code != code for each in _bound(visit)):
        return refuse(visit, NOT_BOUND)
    if not visit.pretends:
        visit.world.sessions.choose(visit.session, code)
    return say({"address": HOME})


def _log_out(visit: Visit) -> Response:
    visit.world.sessions.end(visit.session.id)
    return say({"address": LOGIN})


ROUTES: list[Route] = [
    route("/", _front, Place.LANDING, public=True),
    route(LOGIN, by_look("login.html"), Place.LOGIN, public=True),
    route("/captcha.png", captcha, Place.CAPTCHA, public=True),
    route("/api/captcha", new_sum, Place.CAPTCHA, public=True),
    route("/api/login/unit", _unit, Place.SIGN_IN, methods=("POST",), public=True),
    route("/api/login/person", _person, Place.SIGN_IN, methods=("POST",), public=True),
    route("/isso/identity", _to_identity, Place.LOGIN, public=True),
    route("/isso/callback", _back_from_identity, Place.TICKET, public=True),
    route("/api/units", _units, Place.UNITS),
    route("/api/unit", _choose, Place.UNIT, methods=("POST",)),
    route("/api/logout", _log_out, Place.LANDING, methods=("POST",), public=True),
]
