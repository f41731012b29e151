"""The control API under ``/__mock__``, for tests and the demo; never part of the portal itself.

Every call but ``hello`` needs the header ``X-Mock-Token``. Bodies and answers are JSON.

======  =================  ==========================================================================
GET     /hello             says that this is a mock, and of what
POST    /reset             forget all that was done
GET     /state             employers, handlers, drafts, filings, armed faults, switches; how often captchas
                           were made and tried; how each account was used (``AccountUse``)
GET     /journal           every commit; ``?kind=submit`` and ``?code=…`` choose
GET     /clock             the mock's present
POST    /clock             ``{"set": "2024-08-01T09:00:00+08:00"}`` or ``{"advance": seconds}``
GET     /captcha           ``?sha256=…`` of the picture or ``?session=…`` (the cookie): its answer
GET     /faults            the armed faults
POST    /faults            arm one: the fields of :class:`mock_portal.faults.Fault`
DELETE  /faults            disarm all
POST    /employers         add employers: ``[{"name": …, "code": …, …}]``
POST    /handlers          add handlers: ``[{"account": …, "name": …, "units": [code, …]}]``
GET     /scan              the QR codes that nobody has scanned yet
POST    /scan              ``{"code": …}``: an employer's phone scans the newest one, or the one of
                           ``"sha256"`` (of the picture) or ``"session"``
GET     /device            the certificate in the reader
POST    /device            ``{"kind": "网银证书", "code": …, "pin": …}`` puts one in
DELETE  /device            takes it out
POST    /switches          set switches of the world, e.g. ``{"asks_password": true}``
======  =================  ==========================================================================
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.records import CERTIFICATES, Device, Handler
from mock_portal.seed import employer_from
from mock_portal.switches import Switches
from mock_portal.visit import NO_STORE
from mock_portal.world import World

PREFIX = "/__mock__"
TOKEN_HEADER = "X-Mock-Token"  # noqa: S105 - a header's name
MOCK = "wengang-mock-portal"
SWITCHES = {one.name: int | float if one.type == "float" else type(one.default) for one in fields(Switches)}
"""The switches that the API may set, with their types."""

Call = Callable[[World, Request, Any], Any]


def _guarded(path: str, call: Call, method: str = "GET") -> Route:
    async def serve(request: Request) -> Response:
        token: str = request.app.state.token
        given = request.headers.get(TOKEN_HEADER, "")
        if not token or not secrets.compare_digest(given.encode(), token.encode()):
            return JSONResponse({"error": f"{TOKEN_HEADER} is missing or wrong"}, 403)
        try:
            body = await request.json() if method == "POST" and await request.body() else {}
            return _json(call(request.app.state.portal.world, request, body))
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        except LookupError as error:
            return JSONResponse({"error": str(error)}, 404)

    return Route(path, serve, methods=[method])


def _json(value: Any) -> Response:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Response(text, media_type="application/json", headers=NO_STORE)


async def _hello(request: Request) -> Response:
    return _json({"mock": MOCK, **request.app.state.portal.hello()})


def _reset(world: World, _request: Request, _body: Any) -> Any:
    world.reset()
    return {"reset": True}


def _state(world: World, _request: Request, _body: Any) -> Any:
    employers = world.known_employers()
    return {
        "now": world.clock.now().isoformat(),
        "employers": [asdict(each) for each in employers],
        "handlers": [asdict(each) for each in world.people.handlers()],
        "drafts": [asdict(draft) for each in employers for draft in world.drafts(each.code)],
        "filings": [asdict(each) for each in world.filings()],
        "faults": [asdict(each) for each in world.faults.armed()],
        "switches": {name: getattr(world, name) for name in SWITCHES},
        "captchas": {"made": world.sessions.captchas_made, "tried": world.sessions.captchas_tried},
        "accounts": [asdict(each) for each in world.sessions.uses()],
    }


def _journal(world: World, request: Request, _body: Any) -> Any:
    chosen = {key: request.query_params.get(key, "") for key in ("kind", "code")}
    return [asdict(each) for each in world.journal(**chosen)]


def _clock(world: World, _request: Request, body: Any) -> Any:
    if "set" in body:
        world.clock.set(datetime.fromisoformat(body["set"]))
    if "advance" in body:
        world.clock.advance(timedelta(seconds=body["advance"]))
    return {"now": world.clock.now().isoformat()}


def _captcha(world: World, request: Request, _body: Any) -> Any:
    wanted = _wanted(request.query_params)
    for made in reversed(world.captchas()):
        if all(getattr(made, name) == value for name, value in wanted.items()):
            return asdict(made)
    raise LookupError("no captcha waits for an answer there")


def _wanted(named: Mapping[str, str]) -> dict[str, str]:
    """Which captcha or QR code a call means: field of its record → value."""
    fields = {"session": "session_id", "sha256": "picture_sha256"}
    return {fields[key]: value for key, value in named.items() if key in fields}


def _faults(world: World, _request: Request, _body: Any) -> Any:
    return [asdict(each) for each in world.faults.armed()]


def _arm(world: World, _request: Request, body: Any) -> Any:
    fault = Fault(**{**body, "kind": FaultKind(body["kind"]), "where": Place(body.get("where", "any"))})
    world.faults.arm(fault)
    return asdict(fault)


def _disarm(world: World, _request: Request, _body: Any) -> Any:
    world.faults.clear()
    return []


def _add_employers(world: World, _request: Request, body: Any) -> Any:
    world.add(*(employer_from(each) for each in body))
    return [each.code for each in world.known_employers()]


def _add_handlers(world: World, _request: Request, body: Any) -> Any:
    world.people.add(*(Handler(**{**each, "units": tuple(each.get("units", ()))}) for each in body))
    return [each.account for each in world.people.handlers()]


def _scans(world: World, _request: Request, _body: Any) -> Any:
    return [asdict(each) for each in world.people.scans() if not each.code]


def _scan(world: World, _request: Request, body: Any) -> Any:
    return asdict(world.people.scan(_known(world, body["code"]), **_wanted(body)))


def _device(world: World, _request: Request, _body: Any) -> Any:
    return asdict(world.people.device) if world.people.device else {}


def _insert(world: World, _request: Request, body: Any) -> Any:
    if body["kind"] not in CERTIFICATES:
        raise ValueError(f"no such certificate: {body['kind']}")
    world.people.device = Device(**{**body, "code": _known(world, body["code"])})
    return asdict(world.people.device)


def _eject(world: World, _request: Request, _body: Any) -> Any:
    world.people.device = None
    return {}


def _known(world: World, code: str) -> str:
    if world.employer(code) is None:
        raise ValueError(f"no such employer: {code}")
    return code


def _switches(world: World, _request: Request, body: Any) -> Any:
    for name, value in body.items():
        if name not in SWITCHES or not isinstance(value, SWITCHES[name]):
            raise ValueError(f"no such switch, or not of its type: {name}")
        setattr(world, name, value)
    return {name: getattr(world, name) for name in SWITCHES}


ROUTES: list[Route] = [
    Route("/hello", _hello),
    _guarded("/reset", _reset, "POST"),
    _guarded("/state", _state),
    _guarded("/journal", _journal),
    _guarded("/clock", _clock),
    _guarded("/clock", _clock, "POST"),
    _guarded("/captcha", _captcha),
    _guarded("/faults", _faults),
    _guarded("/faults", _arm, "POST"),
    _guarded("/faults", _disarm, "DELETE"),
    _guarded("/employers", _add_employers, "POST"),
    _guarded("/handlers", _add_handlers, "POST"),
    _guarded("/scan", _scans),
    _guarded("/scan", _scan, "POST"),
    _guarded("/device", _device),
    _guarded("/device", _insert, "POST"),
    _guarded("/device", _eject, "DELETE"),
    _guarded("/switches", _switches, "POST"),
]
