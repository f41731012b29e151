"""The login application: H2 and H3 as the manual shows them, its requests as §12 tells."""

from __future__ import annotations

import secrets
from urllib.parse import unquote

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.entry import refusal
from mock_portal.henan.spa.api import HALL, answer, call, refuse
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.visit import captcha, redirect


def _page(visit: Visit) -> Response:
    words = visit.portal.script_words(["ERROR", "INFO", "OK", "SESSION_OVER"])
    switches = {"newestFirst": visit.world.newest_first, "ignoredClicks": visit.world.ignored_clicks}
    return visit.page("spa/login.html", words=words, switches=switches)


def _captcha_id(_visit: Visit) -> Response:
    return answer({"id": secrets.token_hex(8)})


def _sign_in(visit: Visit) -> Response:
    """The captcha's id and word come as request headers."""
    account = visit.field("account").upper()
    headers = visit.request.headers
    word = unquote(headers.get("captchaWord", "")).strip() if headers.get("captchaId") else ""
    refused = refusal(visit, account, word)
    if refused:
        return refuse(visit.portal.says(refused))
    if visit.world.asks_password:
        visit.world.sessions.note_account(visit.session, account)
        return answer({"next": "password"})
    return _let_in(visit, account)


def _sign_in_with_password(visit: Visit) -> Response:
    account = visit.session.account
    employer = visit.known(account)
    if employer is None or visit.field("password") != employer.password:
        return refuse(visit.portal.says(Words.WRONG_PASSWORD))
    return _let_in(visit, account)


def _let_in(visit: Visit, account: str) -> Response:
    if not visit.pretends:
        visit.world.sessions.sign_in(visit.session, account)
    return answer({"address": f"{HALL}/"})


def _log_out(visit: Visit) -> Response:
    visit.world.sessions.end(visit.session.id)
    response = redirect("/calogin/")
    response.delete_cookie(visit.portal.cookie)
    return response


POST = ("POST",)
ROUTES: list[Route] = [
    call("/calogin/", _page, Place.LOGIN, public=True),
    call("/uaa/captcha/img", _captcha_id, Place.CAPTCHA, public=True),
    call("/uaa/captcha/img/{id}", captcha, Place.CAPTCHA, public=True),
    call("/uaa/login", _sign_in, Place.SIGN_IN, methods=POST, public=True),
    call("/uaa/login/password", _sign_in_with_password, Place.SIGN_IN, methods=POST, public=True),
    call("/uaa/logout", _log_out, Place.LANDING, public=True),
]
