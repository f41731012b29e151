"""Logging in: the one-time link, the password where one is configured, the name that a person goes by."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from rpa.console.access.login_password import TooManyGuessesError
from rpa.console.access.sessions import SESSION_SECONDS
from rpa.console.context import Console, console_of, page, visitor_of
from rpa.console.endpoints import JsonObject, change_endpoint, words_of
from rpa.errors import UserError

_NAME_LIMIT = 30


def _open(request: Request) -> Response:
    """Exchange a one-time code for a session; a code that is used or old shows what to do."""
    console = console_of(request)
    if not console.sessions.redeem(request.query_params.get("code", "")):
        return _login(request, "这个链接已用过或已过期。")
    return _admit(console, RedirectResponse("/", 303), console.settings.person)


def _login(request: Request, problem: str = "") -> Response:
    return page(request, "login.html.j2", 401, problem=problem, by_password=_by_password(console_of(request)))


@change_endpoint
def _sign_in(request: Request, posted: JsonObject) -> Response:
    """Let somebody in who knows the password."""
    console = console_of(request)
    if not _by_password(console):
        raise UserError("这里只能用链接打开")
    name = _name(posted)
    try:
        right = console.sessions.password.check(str(posted.get("password", "")))
    except TooManyGuessesError as error:
        return JSONResponse({"error": str(error)}, 429)
    return _admit(console, JSONResponse({}), name) if right else JSONResponse({"error": "密码不对"}, 403)


def _by_password(console: Console) -> bool:
    """Whether a password opens it: where nobody can listen in on it, and one was set."""
    return console.address.tls and console.sessions.password.known


def _admit(console: Console, response: Response, name: str) -> Response:
    response.set_cookie(
        console.address.cookie,
        console.sessions.begin(name),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=console.address.tls,
    )
    return response


@change_endpoint
def _rename(request: Request, posted: JsonObject) -> JsonObject:
    name = _name(posted)
    console_of(request).sessions.rename(visitor_of(request), name)
    return {"name": name}


def _name(posted: JsonObject) -> str:
    """The name that somebody goes by.

    Raises:
        UserError: it is none.
    """
    name = words_of(posted, "name")
    if not name or len(name) > _NAME_LIMIT or not name.isprintable():
        raise UserError(f"姓名要有 1 到 {_NAME_LIMIT} 个字")
    return name


def _leave(request: Request) -> Response:
    console_of(request).sessions.end(visitor_of(request))
    return JSONResponse({})


ROUTES = [
    Route("/open", _open),
    Route("/login", _login),
    Route("/login", _sign_in, methods=["POST"]),
    Route("/name", _rename, methods=["POST"]),
    Route("/leave", _leave, methods=["POST"]),
]
