"""All state of a mock portal, in one thread-safe place; a fresh world is a reset."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from threading import RLock
from typing import Literal

from mock_portal import captcha
from mock_portal.clock import Clock, in_china
from mock_portal.faults import Faults
from mock_portal.records import Captcha, Draft, Employer, EmployerState, Entry, Filing, Material, Session

REFUND = "稳岗返还"
"""The item; each edition's pages give it their own name."""
_STAGES = ("待办理", "审核中", "已通过")
REVIEW_DAYS = (1, 3)
"""Days after 受理 at which 审核中 and 已通过 begin, by the mock's clock (inferred)."""


@dataclass(slots=True)
class _State:
    """What happened since the last reset."""

    sessions: dict[str, Session] = field(default_factory=dict)
    captchas: dict[str, Captcha] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    filings: dict[str, Filing] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    journal: list[Entry] = field(default_factory=list)
    sequence: int = 0


@dataclass(eq=False)
class World:
    """One mock portal's employers, switches and everything that was done there.

    The fields from ``asks_password`` on are switches: a test may also set them while the portal runs.
    """

    employers: Iterable[Employer] = ()
    clock: Clock = field(default_factory=Clock)
    asks_password: bool = False
    """The certificate-free login has a second step that asks for the password."""
    countdown_seconds: int = 3
    """How long 资金用途告知 must be read (edition 2024)."""
    advance_per_look: bool = False
    """办理状态 moves on each time the progress list shows it, instead of by the clock."""
    shows_bank: bool = True
    """户名 and 开户银行 are on the form; the manual's picture does not show them (inferred)."""
    submit_label: str = "提交申报"
    submit_by: Literal["form", "fetch"] = "form"
    refuses_duplicates: bool = False
    """A second submission of the same draft is refused. Off, as at a naive portal: each one counts."""
    expiry_by: Literal["page", "alert"] = "page"
    """Whether an expired session is told by a page or by a native alert."""
    fixed_captcha: str = ""
    """Every captcha has this text, for a person who practises."""
    captcha_seconds: float = 120
    session_minutes: float = 30
    """Minutes without a request after which a session has expired."""

    def __post_init__(self) -> None:
        self.faults = Faults()
        self._lock = RLock()
        self._employers = {employer.code: employer for employer in self.employers}
        self.reset()

    def reset(self) -> None:
        """Forget all that was done; employers and switches stay, the clock starts anew."""
        with self._lock:
            self._state = _State()
            self.faults.clear()
            self.clock.reset()
            for employer in self._employers.values():
                self._list_old_filing(employer)

    def add(self, *employers: Employer) -> None:
        """Let the portal know more employers (or know them differently)."""
        with self._lock:
            for employer in employers:
                self._employers[employer.code] = employer
                self._list_old_filing(employer)

    def employer(self, code: str) -> Employer | None:
        """The employer of a credit code, if the portal knows it."""
        with self._lock:
            return self._employers.get(code)

    def known_employers(self) -> tuple[Employer, ...]:
        """Every employer, in the order in which the portal came to know them."""
        with self._lock:
            return tuple(self._employers.values())

    # Sessions and captchas

    def session(self, session_id: str | None) -> Session | None:
        """The live session of a cookie; ``None`` when there is none or it has expired."""
        with self._lock:
            session = self._state.sessions.get(session_id or "")
            now = self.clock.now()
            if session and now - session.seen_at > timedelta(minutes=self.session_minutes):
                self.end_session(session.id)
                return None
            if session:
                session.seen_at = now
            return session

    def new_session(self) -> Session:
        """A session that nobody has signed in to yet."""
        with self._lock:
            session = Session(secrets.token_hex(16).upper(), self.clock.now())
            self._state.sessions[session.id] = session
            return session

    def end_session(self, session_id: str) -> None:
        """Forget a session: its next request counts as not signed in."""
        with self._lock:
            self._state.sessions.pop(session_id, None)
            self._state.captchas.pop(session_id, None)

    def note_account(self, session: Session, account: str) -> None:
        """Remember who passed the first step of the login."""
        with self._lock:
            session.account = account

    def new_captcha(self, session: Session) -> bytes:
        """A new picture (PNG) for a session; the one before it is worthless from now on."""
        text = self.fixed_captcha or captcha.new_text()
        picture = captcha.draw(text)
        with self._lock:
            self._state.captchas.pop(session.id, None)  # the newest stands last
            self._state.captchas[session.id] = Captcha(
                session.id, text, self.clock.now(), sha256(picture).hexdigest()
            )
        return picture

    def spend_captcha(self, session: Session, answer: str) -> bool:
        """Whether the answer fits the session's picture in time; either way the picture is spent."""
        with self._lock:
            made = self._state.captchas.pop(session.id, None)
            if made is None or self.clock.now() - made.made_at > timedelta(seconds=self.captcha_seconds):
                return False
            return answer.strip().upper() == made.text.upper()

    def captchas(self) -> tuple[Captcha, ...]:
        """Every picture that waits for an answer, the newest last."""
        with self._lock:
            return tuple(self._state.captchas.values())

    def sign_in(self, session: Session, code: str) -> None:
        """Let an employer in."""
        with self._commit("login", code):
            session.code = code
            session.acknowledged = False

    # The filing

    def acknowledge(self, session: Session, item: str) -> None:
        """资金用途告知 was confirmed: the notice of it goes with the next draft."""
        with self._commit("acknowledge", session.code, {"事项名称": item}):
            session.acknowledged = True

    def drafts(self, code: str) -> tuple[Draft, ...]:
        """An employer's drafts that wait for their submission, the oldest first."""
        with self._lock:
            return tuple(
                each for each in self._state.drafts.values() if each.code == code and not each.submitted
            )

    def draft(self, code: str, draft_id: str) -> Draft | None:
        """One draft of an employer, submitted or not."""
        with self._lock:
            found = self._state.drafts.get(draft_id)
            return found if found and found.code == code else None

    def save(
        self, code: str, item: str, year: int, values: Mapping[str, str], *, beside: bool = False
    ) -> Draft:
        """Keep a form; it replaces the draft of the same year unless ``beside`` adds a second one."""
        with self._commit("save", code, values) as entry:
            same = [each for each in self.drafts(code) if (each.item, each.year) == (item, year)]
            old = None if beside or not same else same[-1]
            draft = Draft(
                id=old.id if old else f"D{entry.sequence:06d}",
                code=code,
                item=item,
                year=year,
                values=dict(values),
                saved_at=entry.at,
                materials=old.materials if old else (),
            )
            self._state.drafts[draft.id] = draft
            return draft

    def attach(self, draft: Draft, kind: str, name: str, content: bytes, *, by: str = "upload") -> Draft:
        """Add a file to a draft; the journal calls it ``by``: ``upload``, or ``notice`` if generated."""
        digest = sha256(content).hexdigest()
        with self._commit(by, draft.code, {"材料": kind, "文件名": name, "sha256": digest}) as entry:
            material = Material(kind, name, len(content), digest, entry.at)
            changed = replace(draft, materials=(*draft.materials, material))
            self._state.drafts[draft.id] = changed
            return changed

    def delete(self, draft: Draft) -> None:
        """Throw a draft away."""
        with self._commit("delete", draft.code, {"草稿": draft.id}):
            self._state.drafts.pop(draft.id, None)

    def submit(self, draft: Draft) -> Filing:
        """Turn a draft into a filing. Each call is a commit, also for a draft that was submitted before."""
        with self._commit("submit", draft.code, {**draft.values, "草稿": draft.id}) as entry:
            filing = Filing(
                serial=f"4107{entry.at:%Y%m%d}{entry.sequence:06d}",
                draft_id=draft.id,
                code=draft.code,
                subject=self._employers[draft.code].name,
                item=draft.item,
                year=draft.year,
                values=dict(draft.values),
                area=self._employers[draft.code].area,
                accepted_at=entry.at,
            )
            self._state.filings[filing.serial] = filing
            self._state.drafts[draft.id] = replace(draft, submitted=True)
            return filing

    def filings(self, code: str = "", *, looked_at: bool = False) -> tuple[Filing, ...]:
        """Filings with their present 办理状态, the oldest first.

        Args:
            code: one employer's alone.
            looked_at: count this as a look, see :attr:`advance_per_look`.
        """
        with self._lock:
            found = [each for each in self._state.filings.values() if code in ("", each.code)]
            if looked_at:
                for each in found:
                    self._state.looks[each.serial] = self._state.looks.get(each.serial, 0) + 1
            return tuple(replace(each, handling=self._handling(each)) for each in found)

    def journal(self, kind: str = "", code: str = "") -> tuple[Entry, ...]:
        """Every commit in order, of one kind or employer if given."""
        with self._lock:
            return tuple(
                each for each in self._state.journal if kind in ("", each.kind) and code in ("", each.code)
            )

    @contextmanager
    def _commit(self, kind: str, code: str, values: Mapping[str, str] | None = None) -> Iterator[Entry]:
        with self._lock:
            self._state.sequence += 1
            entry = Entry(self._state.sequence, kind, code, self.clock.now(), dict(values or {}))
            yield entry
            self._state.journal.append(entry)

    def _handling(self, filing: Filing) -> str:
        if self.advance_per_look:
            stage = max(0, self._state.looks.get(filing.serial, 0) - 1)
        else:
            age = self.clock.now() - filing.accepted_at
            stage = sum(age >= timedelta(days=days) for days in REVIEW_DAYS)
        known = self._employers.get(filing.code)
        if stage >= len(_STAGES) - 1 and known and known.state == EmployerState.RETURNED:
            return "审核退回"
        return _STAGES[min(stage, len(_STAGES) - 1)]

    def _list_old_filing(self, employer: Employer) -> None:
        listed = any(
            not each.draft_id and each.code == employer.code for each in self._state.filings.values()
        )
        if listed or employer.state != EmployerState.ALREADY_FILED:
            return
        at = in_china(employer.filed_at) if employer.filed_at else self.clock.now()
        self._state.sequence += 1
        serial = f"4107{at:%Y%m%d}{self._state.sequence:06d}"
        values = {"申请年度": str(at.year)}
        self._state.filings[serial] = Filing(
            serial, "", employer.code, employer.name, REFUND, at.year, values, employer.area, at
        )
