"""Who visits the portals of a world: sessions, captchas, and which accounts are in use."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import timedelta
from hashlib import sha256

from mock_portal import captcha
from mock_portal.journal import Journal
from mock_portal.records import AccountUse, Captcha, Session
from mock_portal.switches import Switches


class Sessions:
    """The visits of all portals of a world.

    Args:
        switches: how long sessions and captchas live.
        journal: where logins are written down.
    """

    def __init__(self, switches: Switches, journal: Journal) -> None:
        self._switches = switches
        self._journal = journal
        self.reset()

    def reset(self) -> None:
        """Nobody visits, and nobody ever did."""
        with self._journal.lock:
            self._sessions: dict[str, Session] = {}
            self._captchas: dict[str, Captcha] = {}
            self._outdated: dict[str, str] = {}
            self._retired: set[str] = set()
            self._counts: Counter[tuple[str, str]] = Counter()
            self.captchas_made = 0
            self.captchas_tried = 0

    def get(self, session_id: str | None) -> Session | None:
        """The live session of a cookie; ``None`` when there is none or it has expired."""
        with self._journal.lock:
            session = self._sessions.get(session_id or "")
            if session and not self._alive(session):
                self.end(session.id)
                return None
            if session:
                session.seen_at = self._journal.clock.now()
            return session

    def _alive(self, session: Session) -> bool:
        idle = self._journal.clock.now() - session.seen_at
        return idle <= timedelta(minutes=self._switches.session_minutes)

    def new(self) -> Session:
        """A session that nobody has signed in to yet."""
        with self._journal.lock:
            session = Session(secrets.token_hex(16).upper(), self._journal.clock.now())
            self._sessions[session.id] = session
            return session

    def end(self, session_id: str) -> None:
        """Forget a session: its next request counts as not signed in."""
        with self._journal.lock:
            self._sessions.pop(session_id, None)
            self._captchas.pop(session_id, None)

    def retire(self, session_id: str) -> None:
        """End a session for good: while a browser still sends its cookie, no page is served."""
        with self._journal.lock:
            self.end(session_id)
            self._retired.add(session_id)

    def retired(self, session_id: str | None) -> bool:
        """Whether a cookie is of a session that was ended for good."""
        with self._journal.lock:
            return session_id in self._retired

    def note_account(self, session: Session, account: str) -> None:
        """Remember who passed the first step of the login."""
        with self._journal.lock:
            session.account = account

    # Captchas

    def new_captcha(self, session: Session, *, arithmetic: bool = False) -> bytes:
        """A new picture (PNG) for a session; the one before it is worthless from now on.

        Args:
            session: whose it is.
            arithmetic: it shows a sum, and its answer is the result.
        """
        text = self._switches.fixed_captcha or captcha.new_text()
        shown = text
        if arithmetic and not self._switches.fixed_captcha:
            shown, text = captcha.new_sum()
        picture = captcha.draw(shown)
        with self._journal.lock:
            self.captchas_made += 1
            self._captchas.pop(session.id, None)  # the newest stands last
            digest = sha256(picture).hexdigest()
            self._captchas[session.id] = Captcha(session.id, text, self._journal.clock.now(), digest)
        return picture

    def spend_captcha(self, session: Session, answer: str) -> bool:
        """Whether the answer fits the session's picture in time; either way the picture is spent."""
        with self._journal.lock:
            self.captchas_tried += 1
            made = self._captchas.pop(session.id, None)
            age = self._journal.clock.now() - made.made_at if made else timedelta()
            if made is None or age > timedelta(seconds=self._switches.captcha_seconds):
                return False
            return answer.strip().upper() == made.text.upper()

    def captchas(self) -> tuple[Captcha, ...]:
        """Every picture that waits for an answer, the newest last."""
        with self._journal.lock:
            return tuple(self._captchas.values())

    # Signing in

    def sign_in(self, session: Session, code: str, *, account: str = "", way: str = "") -> None:
        """Let an employer in, or an account.

        Args:
            session: whose visit it is.
            code: the employer; empty for a handler who has still to choose one.
            account: who signs in, at a portal that minds how often; its older sessions are outdated then.
            way: how.
        """
        values = {"账号": account, "登录方式": way} if account else {}
        with self._journal.commit("login", code, values):
            session.code = code
            session.acknowledged = False
            session.login, session.way = account, way
            if account:
                self._counts[account, "logins"] += 1
                self._outdate(session)

    def _outdate(self, newest: Session) -> None:
        others = [each for each in self._of(newest.login) if each is not newest and not each.outdated]
        self._counts[newest.login, "concurrent"] += bool(others)
        for older in others:
            older.outdated = True
            if self._switches.one_session:
                self.end(older.id)
                self._outdated[older.id] = older.login

    def note_use(self, session_id: str | None, session: Session | None) -> None:
        """Something was asked for with this cookie: an outdated one is written down, once."""
        with self._journal.lock:
            account = self._outdated.pop(session_id or "", "")
            if session and session.outdated:
                session.outdated = False
                account = session.login
            if account:
                with self._journal.commit("overlap", session.code if session else "", {"账号": account}):
                    self._counts[account, "overlaps"] += 1

    def begin_setup(self, session: Session, code: str, way: str) -> None:
        """An employer's first login by the identity provider: two pages come before anything else."""
        with self._journal.lock:
            session.code, session.way, session.setup = code, way, "person"

    def name_handler(self, session: Session, account: str) -> None:
        """The first of those pages is done."""
        with self._journal.lock:
            session.account, session.setup = account, "unit"

    def choose(self, session: Session, code: str) -> None:
        """A handler goes on for this unit."""
        with self._journal.commit("unit", code, {"账号": session.login}):
            session.code = code

    def refuse(self, account: str) -> None:
        """Count a login that was refused for its password."""
        with self._journal.lock:
            self._counts[account, "refusals"] += 1

    def uses(self) -> tuple[AccountUse, ...]:
        """Every account that signed in or was refused, by its name."""
        with self._journal.lock:
            return tuple(self._use(account) for account in sorted({name for name, _ in self._counts}))

    def _use(self, account: str) -> AccountUse:
        fields = ("logins", "refusals", "concurrent", "overlaps")
        counted = {name: self._counts[account, name] for name in fields}
        return AccountUse(account, sessions=len(self._of(account)), **counted)

    def _of(self, account: str) -> list[Session]:
        return [each for each in self._sessions.values() if each.login == account and self._alive(each)]
