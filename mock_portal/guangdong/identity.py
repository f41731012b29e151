"""广东省统一身份认证平台 (G2): 账号密码, QR code, certificates; success leads back with a ticket."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.guangdong.login import new_sum, objection
from mock_portal.guangdong.visit import IdentityVisit, by_look, refuse, say
from mock_portal.records import Employer
from mock_portal.visit import captcha, picture, redirect, route

ACCOUNT, QR = "账号密码", "微信扫码"
WRONG_PIN = "证书密码错误"
NO_DEVICE = "请插入证书介质"


def _front(_visit: IdentityVisit) -> Response:
    return redirect("/login")


def _unit(visit: IdentityVisit) -> Response:
    account = visit.field("account")
    employer = visit.world.employer_of(account, visit.portal.key)
    refusal = objection(visit, employer, asks_captcha=_asks_captcha(visit))
    return (
        refuse(visit, refusal) if refusal or not employer else _back(visit, account, ACCOUNT, employer.code)
    )


def _person(visit: IdentityVisit) -> Response:
    account = visit.field("account")
    handler = visit.world.people.handler(account)
    refusal = objection(visit, handler, asks_captcha=_asks_captcha(visit))
    return refuse(visit, refusal) if refusal else _back(visit, account, ACCOUNT)


def _asks_captcha(visit: IdentityVisit) -> bool:
    return visit.world.identity_captcha or visit.portal.spa


def _back(visit: IdentityVisit, account: str, way: str, code: str = "") -> Response:
    ticket = visit.world.people.new_ticket(account, way, code)
    return say({"address": f"{visit.portal.sites.portal}/isso/callback?ticket={ticket}"})


def _qr(visit: IdentityVisit) -> Response:
    return picture(visit.world.people.new_scan(visit.session))


def _scanned(visit: IdentityVisit) -> Response:
    people = visit.world.people
    scan = people.scan_of(visit.session)
    if scan is None:
        return say({"expired": True})
    employer = visit.known(scan.code)
    if employer is None:
        return say({"expired": False})
    people.end_scan(visit.session)
    return _back(visit, employer.login, QR, employer.code)


def _device(visit: IdentityVisit) -> Response:
    employer = _holder(visit, visit.query("kind"))
    return say({"name": employer.name if employer else ""})


def _holder(visit: IdentityVisit, kind: str) -> Employer | None:
    """Whose certificate of this kind is in the reader."""
    device = visit.world.people.device
    return visit.known(device.code) if device and device.kind == kind else None


def _certificate(visit: IdentityVisit) -> Response:
    kind = visit.field("kind")
    employer, device = _holder(visit, kind), visit.world.people.device
    if employer is None or device is None:
        return refuse(visit, NO_DEVICE)
    if visit.field("pin") != device.pin:
        return refuse(visit, WRONG_PIN)
    return _back(visit, employer.login, kind, employer.code)


ROUTES: list[Route] = [
    route("/", _front, Place.IDENTITY, public=True),
    route("/login", by_look("identity.html"), Place.IDENTITY, public=True),
    route("/captcha.png", captcha, Place.CAPTCHA, public=True),
    route("/api/captcha", new_sum, Place.CAPTCHA, public=True),
    route("/qr.png", _qr, Place.CAPTCHA, public=True),
    route("/api/scan", _scanned, Place.SCAN, public=True),
    route("/api/device", _device, Place.SCAN, public=True),
    route("/api/login/unit", _unit, Place.IDENTITY_SIGN_IN, methods=("POST",), public=True),
    route("/api/login/person", _person, Place.IDENTITY_SIGN_IN, methods=("POST",), public=True),
    route("/api/certificate", _certificate, Place.IDENTITY_SIGN_IN, methods=("POST",), public=True),
]
