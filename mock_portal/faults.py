"""What can go wrong on purpose: a closed list of faults, armed for a named place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock


class FaultKind(StrEnum):
    """Every fault that the mock can produce."""

    LATENCY = "latency"
    """The answer comes ``milliseconds`` later."""
    HTTP_500 = "http_500"
    """The server's error page."""
    SESSION_EXPIRY = "session_expiry"
    """The session ends with this request."""
    MAINTENANCE = "maintenance"
    """The page 系统维护中, with HTTP ``status`` (200 or 503)."""
    ANSWER_LOST_AFTER_COMMIT = "answer_lost_after_commit"
    """The request does its work, then the connection is reset without an answer."""
    SUCCESS_WITHOUT_COMMIT = "success_without_commit"
    """The page says success, but nothing is kept."""
    DUPLICATE_ROW = "duplicate_row"
    """保存 adds a second draft beside the first instead of replacing it; 提交 without drafts lists twice."""

    STUCK = "stuck"
    """The page shows, and then its script never ends: it answers nothing any more. Pages only, not data."""


class Place(StrEnum):
    """Where a fault strikes. A place is one kind of request, named after what it does."""

    LANDING = "landing"
    LOGIN = "login"
    """The login pages being opened."""
    SIGN_IN = "sign_in"
    """The login form (or its password step) being sent."""
    CAPTCHA = "captcha"
    HOME = "home"
    ITEMS = "items"
    FORM = "form"
    ACKNOWLEDGE = "acknowledge"
    SAVE = "save"
    MATERIALS = "materials"
    UPLOAD = "upload"
    PRINT = "print"
    PENDING = "pending"
    DELETE = "delete"
    SUBMIT = "submit"
    PROGRESS = "progress"
    """The list of filings: 办理进度查询, 我的办件."""

    # A portal whose pages fetch what they show has more: there a page and its data are two places.
    IDENTITY = "identity"
    """A page of the identity provider being opened."""
    IDENTITY_SIGN_IN = "identity_sign_in"
    """A login being sent to the identity provider."""
    SCAN = "scan"
    """A page asking whether its QR code was scanned."""
    TICKET = "ticket"
    """The way back from the identity provider."""
    SETUP = "setup"
    """A page of the first login."""
    SETUP_SAVE = "setup_save"
    UNITS = "units"
    """The list of bound units."""
    UNIT = "unit"
    """A unit being chosen."""
    PROFILE = "profile"
    """The home's data."""
    OPEN = "open"
    """单位办理."""
    FORM_DATA = "form_data"
    ACCOUNT = "account"
    """账户管理."""
    ANY = "any"
    """Every place above."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One armed fault."""

    kind: FaultKind
    where: Place = Place.ANY
    times: int | None = 1
    """How many requests it still strikes; ``None``: until it is cleared."""
    code: str = ""
    """Only this employer's requests (统一社会信用代码, known after the login); empty: everybody's."""
    milliseconds: int = 1000
    status: int = 503


class Faults:
    """The armed faults, thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Add a fault; an earlier one of the same kind and place strikes first."""
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def armed(self) -> tuple[Fault, ...]:
        """What would still strike."""
        with self._lock:
            return tuple(self._armed)

    def take(self, kind: FaultKind, where: Place, code: str = "") -> Fault | None:
        """The fault of this kind that strikes this request, counted as used."""
        with self._lock:
            for index, fault in enumerate(self._armed):
                if fault.kind == kind and fault.where in (where, Place.ANY) and fault.code in ("", code):
                    self._use(index, fault)
                    return fault
        return None

    def _use(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._armed[index] = replace(fault, times=fault.times - 1)
        else:
            del self._armed[index]
