"""The landing page and the logins: H1 to H3, and links to what comes later."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit, later
from mock_portal.records import EmployerState
from mock_portal.visit import captcha, page, redirect, route

UNKNOWN = "根据统一信用代码未查询到单位信息"
WRONG_CAPTCHA = "验证码错误"
WRONG_PASSWORD = "密码错误"  # noqa: S105 - a message
NEEDS_CERTIFICATE = "该单位不支持免数字证书登录，请使用数字证书登录"


def _sign_in(visit: Visit) -> Response:
    account = visit.field("account").upper()
    message = _refusal(visit, account)
    if message:
        return visit.page("login_free.html", account=account, message=message)
    if visit.world.asks_password:
        visit.world.sessions.note_account(visit.session, account)
        return visit.page("login_password.html", account=account, message="")
    return _let_in(visit, account)


def _refusal(visit: Visit, account: str) -> str:
    """Why the first step of the login is refused; empty if it is not. The captcha is spent first."""
    answer = visit.field("captcha")
    if not account:
        return "账号不能为空"
    if not answer:
        return "验证码不能为空"
    if not visit.world.sessions.spend_captcha(visit.session, answer):
        return WRONG_CAPTCHA
    employer = visit.known(account)
    if employer is None:
        return UNKNOWN
    return NEEDS_CERTIFICATE if employer.state == EmployerState.CERTIFICATE_ONLY else ""


def _sign_in_with_password(visit: Visit) -> Response:
    account = visit.session.account
    employer = visit.known(account)
    if employer is None:
        return redirect("/unit/login/free")
    if visit.field("password") != employer.password:
        return visit.page("login_password.html", account=account, message=WRONG_PASSWORD)
    return _let_in(visit, account)


def _let_in(visit: Visit, account: str) -> Response:
    if not visit.pretends:
        visit.world.sessions.sign_in(visit.session, account)
    return redirect("/unit/home")


def _log_out(visit: Visit) -> Response:
    visit.world.sessions.end(visit.session.id)
    response = redirect("/unit/login")
    response.delete_cookie(visit.portal.cookie)
    return response


ROUTES: list[Route] = [
    route("/", page("landing.html"), Place.LANDING, public=True),
    route("/unit/login", page("login_certificate.html"), Place.LOGIN, public=True),
    route("/unit/login/free", page("login_free.html", account="", message=""), Place.LOGIN, public=True),
    route("/unit/login/free", _sign_in, Place.SIGN_IN, methods=("POST",), public=True),
    route("/unit/login/password", _sign_in_with_password, Place.SIGN_IN, methods=("POST",), public=True),
    route("/captcha.png", captcha, Place.CAPTCHA, public=True),
    route("/unit/logout", _log_out, Place.LANDING, public=True),
    route("/later/{what}", later, Place.LANDING, public=True),
]
