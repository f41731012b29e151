"""Who may sign in for whom: handlers, certificates, QR codes, and the identity provider's tickets."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from mock_portal import qr
from mock_portal.journal import Journal
from mock_portal.records import Device, Employer, Handler, Scan, Session, Ticket
from mock_portal.switches import Switches

TICKET_SECONDS = 60


class People:
    """The handlers of a world, and what a person holds in hand: a phone, a certificate.

    Args:
        switches: how long a QR code lives.
        journal: the world's.
        handlers: who has a verified account.
    """

    def __init__(self, switches: Switches, journal: Journal, handlers: Iterable[Handler] = ()) -> None:
        self._switches = switches
        self._journal = journal
        self._handlers = {each.account: each for each in handlers}
        self.reset()

    def reset(self) -> None:
        """Handlers stay; bindings made meanwhile, codes, tickets and the certificate go."""
        with self._journal.lock:
            self._bound: set[tuple[str, str]] = set()
            self._scans: dict[str, Scan] = {}
            self._tickets: dict[str, Ticket] = {}
            self.device: Device | None = None
            """The certificate in the reader."""

    # Handlers

    def add(self, *handlers: Handler) -> None:
        """Let the portal know more handlers (or know them differently)."""
        with self._journal.lock:
            self._handlers |= {each.account: each for each in handlers}

    def meet(self, employer: Employer) -> None:
        """A handler that an employer names is known from then on."""
        with self._journal.lock:
            for account in employer.handlers:
                self._handlers.setdefault(account, Handler(account))

    def handler(self, account: str) -> Handler | None:
        """The handler of an account."""
        with self._journal.lock:
            return self._handlers.get(account)

    def handlers(self) -> tuple[Handler, ...]:
        """Every handler, in the order in which the portal came to know them."""
        with self._journal.lock:
            return tuple(self._handlers.values())

    def bind(self, account: str, code: str) -> None:
        """Let a handler file for a unit."""
        with self._journal.lock:
            self._bound.add((account, code))

    def bound(self, handler: Handler, employer: Employer) -> bool:
        """Whether a handler may file for an employer."""
        with self._journal.lock:
            named = employer.code in handler.units or handler.account in employer.handlers
            return named or (handler.account, employer.code) in self._bound

    # QR codes

    def new_scan(self, session: Session) -> bytes:
        """A new QR code (PNG) for a visit; the one before it is worthless from now on."""
        text = f"MOCK-{secrets.token_hex(8).upper()}"
        picture = qr.draw(text)
        with self._journal.lock:
            self._scans.pop(session.id, None)  # the newest stands last
            digest = sha256(picture).hexdigest()
            self._scans[session.id] = Scan(session.id, text, self._journal.clock.now(), digest)
        return picture

    def scan_of(self, session: Session) -> Scan | None:
        """A visit's QR code while it lives; who scanned it stands in it."""
        with self._journal.lock:
            return next((each for each in self.scans() if each.session_id == session.id), None)

    def scans(self) -> tuple[Scan, ...]:
        """Every QR code that can still be used, the newest last."""
        with self._journal.lock:
            eldest = self._journal.clock.now() - timedelta(seconds=self._switches.qr_seconds)
            return tuple(each for each in self._scans.values() if each.made_at >= eldest)

    def scan(self, code: str, **wanted: str) -> Scan:
        """Hold an employer's phone before a QR code: the newest one that nobody has scanned.

        Args:
            code: whose 电子营业执照.
            wanted: fields of the code that is meant: ``session_id`` or ``picture_sha256``.

        Raises:
            LookupError: no such code waits.
        """
        with self._journal.lock:
            for each in reversed(self.scans()):
                if not each.code and all(getattr(each, name) == value for name, value in wanted.items()):
                    scanned = replace(each, code=code)
                    self._scans[each.session_id] = scanned
                    return scanned
        raise LookupError("no QR code waits there")

    def end_scan(self, session: Session) -> None:
        """A QR code that was used is gone."""
        with self._journal.lock:
            self._scans.pop(session.id, None)

    # Tickets

    def new_ticket(self, account: str, way: str, code: str = "") -> str:
        """What the portal accepts as proof that the identity provider let somebody in."""
        with self._journal.lock:
            ticket = Ticket(f"ST-{secrets.token_hex(12)}", account, way, code, self._journal.clock.now())
            self._tickets[ticket.text] = ticket
            return ticket.text

    def redeem(self, text: str) -> Ticket | None:
        """The ticket of this text, once and in time."""
        with self._journal.lock:
            ticket = self._tickets.pop(text, None)
            age = self._journal.clock.now() - ticket.made_at if ticket else timedelta()
            return ticket if age <= timedelta(seconds=TICKET_SECONDS) else None
