"""The front page, the classic look's logins (H1 to H3), and links to what comes later."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit, later
from mock_portal.henan.words import Words
from mock_portal.records import EmployerState
from mock_portal.visit import captcha, page, redirect, route


def _sign_in(visit: Visit) -> Response:
    account = visit.field("account").upper()
    refused = refusal(visit, account, visit.field("captcha"))
    if refused:
        return visit.page("login_free.html", account=account, message=visit.portal.says(refused))
    if visit.world.asks_password:
        visit.world.sessions.note_account(visit.session, account)
        return visit.page("login_password.html", account=account, message="")
    return _let_in(visit, account)


def refusal(visit: Visit, account: str, answer: str) -> Words | None:
    """Why the first step of the login is refused, if it is. The captcha is spent before the account counts.

    Args:
        visit: whose it is.
        account: the credit code that was typed.
        answer: what the picture is said to show.
    """
    if not account or not answer:
        return Words.CAPTCHA_EMPTY if account else Words.ACCOUNT_EMPTY
    if not visit.world.sessions.spend_captcha(visit.session, answer):
        return Words.WRONG_CAPTCHA
    employer = visit.known(account)
    if employer is None:
        return Words.UNKNOWN_UNIT
    return Words.NEEDS_CERTIFICATE if employer.state == EmployerState.CERTIFICATE_ONLY else None


def _sign_in_with_password(visit: Visit) -> Response:
    account = visit.session.account
    employer = visit.known(account)
    if employer is None:
        return redirect("/unit/login/free")
    if visit.field("password") != employer.password:
        message = visit.portal.says(Words.WRONG_PASSWORD)
        return visit.page("login_password.html", account=account, message=message)
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


FRONT: list[Route] = [
    route("/", page("landing.html"), Place.LANDING, public=True),
    route("/later/{what}", later, Place.LANDING, public=True),
]
"""What both looks have."""
ROUTES: list[Route] = [
    route("/unit/login", page("login_certificate.html"), Place.LOGIN, public=True),
    route("/unit/login/free", page("login_free.html", account="", message=""), Place.LOGIN, public=True),
    route("/unit/login/free", _sign_in, Place.SIGN_IN, methods=("POST",), public=True),
    route("/unit/login/password", _sign_in_with_password, Place.SIGN_IN, methods=("POST",), public=True),
    route("/captcha.png", captcha, Place.CAPTCHA, public=True),
    route("/unit/logout", _log_out, Place.LANDING, public=True),
]
