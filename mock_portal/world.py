"""All state of the mock portals, in one thread-safe place; a fresh world is a reset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from mock_portal.clock import Clock, in_china
from mock_portal.faults import Faults
from mock_portal.journal import Journal
from mock_portal.people import People
from mock_portal.provinces import province
from mock_portal.records import (
    Captcha,
    Draft,
    Employer,
    EmployerState,
    Entry,
    Filing,
    Handler,
    Material,
    Session,
)
from mock_portal.sessions import Sessions
from mock_portal.switches import Switches

REFUND = "稳岗返还"
"""The item; each portal's pages give it their own name."""
OTHER_ITEMS = ("单位缓交登记申报", "年度缴费工资申报", "单位信息变更")
"""Other business of an employer, see ``Switches.other_drafts``."""
REVIEW_DAYS = (1, 3)
"""Days after 受理 at which the second and the third begin, by the mock's clock (inferred)."""


@dataclass(slots=True)
class _Filed:
    """What was filed since the last reset."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    filings: dict[str, Filing] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    setups: dict[str, Employer] = field(default_factory=dict)
    """Employers as their first login completed them."""
    other: set[str] = field(default_factory=set)
    """Employers whose other business was put beside their own."""


@dataclass(eq=False)
class World(Switches):
    """Employers, handlers and everything that was done at the portals: one world may be served by several.

    Its switches are fields (:class:`Switches`): a test may also set them while a portal runs.
    """

    employers: Iterable[Employer] = ()
    clock: Clock = field(default_factory=Clock)
    handlers: Iterable[Handler] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        self.faults = Faults()
        self._journal = Journal(self.clock)
        self._lock = self._journal.lock
        self.sessions = Sessions(self, self._journal)
        self.people = People(self, self._journal, self.handlers)
        self._employers: dict[str, Employer] = {}
        self._filed = _Filed()
        self.add(*self.employers)

    def reset(self) -> None:
        """Forget all that was done; employers, handlers and switches stay, the clock starts anew."""
        with self._lock:
            self._filed = _Filed()
            self._journal.reset()
            self.sessions.reset()
            self.people.reset()
            self.faults.clear()
            self.clock.reset()
            for employer in self._employers.values():
                self._list_old_filing(employer)

    def add(self, *employers: Employer) -> None:
        """Let the portals know more employers (or know them differently)."""
        with self._lock:
            for employer in employers:
                self._employers[employer.code] = employer
                self._filed.setups.pop(employer.code, None)
                self.people.meet(employer)
                self._list_old_filing(employer)

    def employer(self, code: str, portal: str = "") -> Employer | None:
        """The employer of a credit code, if it is known (to that portal)."""
        with self._lock:
            found = self._filed.setups.get(code) or self._employers.get(code)
            return found if found and (not portal or found.portal in ("", portal)) else None

    def known_employers(self, portal: str = "") -> tuple[Employer, ...]:
        """Every employer (of a portal), in the order in which they came to be known."""
        with self._lock:
            found = (self.employer(code, portal) for code in self._employers)
            return tuple(each for each in found if each)

    def employer_of(self, login: str, portal: str) -> Employer | None:
        """The employer whose own account this is."""
        return next((each for each in self.known_employers(portal) if each.login == login), None)

    def set_up(self, session: Session, contact: str, phone: str) -> None:
        """An employer's first login by the identity provider is complete; ``session`` is at its end."""
        values = {"经办人账号": session.account, "联系人": contact, "联系电话": phone}
        with self._journal.commit("setup", session.code, values):
            known = self._known(session.code)
            self._filed.setups[known.code] = replace(known, first_login=False, contact=contact, phone=phone)
            self.people.bind(session.account, known.code)
            self.sessions.retire(session.id)

    def captchas(self) -> tuple[Captcha, ...]:
        """Every picture that waits for an answer, the newest last."""
        return self.sessions.captchas()

    def journal(self, kind: str = "", code: str = "") -> tuple[Entry, ...]:
        """Every commit in order, of one kind or employer if given."""
        return self._journal.entries(kind, code)

    # The filing

    def acknowledge(self, session: Session, item: str) -> None:
        """资金用途告知 was confirmed: the notice of it goes with the next draft."""
        with self._journal.commit("acknowledge", session.code, {"事项名称": item}):
            session.acknowledged = True

    def drafts(self, code: str) -> tuple[Draft, ...]:
        """An employer's drafts that wait for their submission, the oldest first."""
        with self._lock:
            self._add_other_business(code)
            return tuple(
                each for each in self._filed.drafts.values() if each.code == code and not each.submitted
            )

    def draft(self, code: str, draft_id: str) -> Draft | None:
        """One draft of an employer, submitted or not."""
        with self._lock:
            found = self._filed.drafts.get(draft_id)
            return found if found and found.code == code else None

    def save(
        self,
        code: str,
        item: str,
        year: int,
        values: Mapping[str, str],
        *,
        beside: bool = False,
        over: Draft | None = None,
    ) -> Draft:
        """Keep a form.

        Args:
            code: whose it is.
            item: what is asked for.
            year: 申请年度.
            values: label → value.
            beside: it is one more draft; without, it replaces the draft of the same item and year.
            over: it replaces this draft.
        """
        with self._journal.commit("save", code, values) as entry:
            same = [each for each in self.drafts(code) if (each.item, each.year) == (item, year)]
            old = None if beside else over or (same[-1] if same else None)
            draft = Draft(
                id=old.id if old else f"D{entry.sequence:06d}",
                code=code,
                item=item,
                year=year,
                values=dict(values),
                saved_at=entry.at,
                materials=old.materials if old else (),
            )
            self._filed.drafts[draft.id] = draft
            return draft

    def attach(self, draft: Draft, kind: str, name: str, content: bytes, *, by: str = "upload") -> Draft:
        """Add a file to a draft; the journal calls it ``by``: ``upload``, or ``notice`` if generated."""
        digest = sha256(content).hexdigest()
        with self._journal.commit(by, draft.code, {"材料": kind, "文件名": name, "sha256": digest}) as entry:
            material = Material(kind, name, len(content), digest, entry.at)
            changed = replace(draft, materials=(*draft.materials, material))
            self._filed.drafts[draft.id] = changed
            return changed

    def delete(self, draft: Draft) -> None:
        """Throw a draft away."""
        with self._journal.commit("delete", draft.code, {"草稿": draft.id}):
            self._filed.drafts.pop(draft.id, None)

    def submit(self, draft: Draft, portal: str = "") -> Filing:
        """Turn a draft into a filing. Each call is a commit, also for a draft that was submitted before.

        Args:
            draft: what was saved.
            portal: whose list the filing stands on; empty: every portal's.
        """
        with self._journal.commit("submit", draft.code, {**draft.values, "草稿": draft.id}) as entry:
            self._filed.drafts[draft.id] = replace(draft, submitted=True)
            return self._list(portal, draft, entry.at, entry.sequence)

    def confirm(
        self, portal: str, code: str, year: int, values: Mapping[str, str], *, twice: bool = False
    ) -> Filing:
        """File 稳岗返还 at a portal where no draft comes first. Each call is a commit.

        Args:
            portal: its key.
            code: the employer.
            year: 申请年度.
            values: label → value, as the page was sent.
            twice: it is listed twice.
        """
        with self._journal.commit("submit", code, values) as entry:
            draft = Draft(f"D{entry.sequence:06d}", code, REFUND, year, dict(values), entry.at)
            if twice:
                self._list(portal, draft, entry.at, self._journal.number())
            return self._list(portal, draft, entry.at, entry.sequence)

    def _list(self, portal: str, draft: Draft, at: datetime, number: int) -> Filing:
        known = self._known(draft.code)
        filing = Filing(
            serial=f"{province(portal).serials}{at:%Y%m%d}{number:06d}",
            draft_id=draft.id,
            code=known.code,
            subject=known.name,
            item=draft.item,
            year=draft.year,
            values=dict(draft.values),
            area=known.area,
            accepted_at=at,
            portal=portal,
        )
        self._filed.filings[filing.serial] = filing
        return filing

    def filings(self, code: str = "", *, looked_at: bool = False, portal: str = "") -> tuple[Filing, ...]:
        """Filings with their present 办理状态, the oldest first.

        Args:
            code: one employer's alone.
            looked_at: count this as a look, see :attr:`Switches.advance_per_look`.
            portal: those of its list alone, in its words.
        """
        with self._lock:
            for each_code in [code] if code else list(self._employers):
                self._add_other_business(each_code, portal)
            found = [
                each
                for each in self._filed.filings.values()
                if code in ("", each.code)
                and (not portal or each.portal in ("", portal))
                and not (self.list_lags and each.draft_id)
            ]
            if looked_at:
                for each in found:
                    self._filed.looks[each.serial] = self._filed.looks.get(each.serial, 0) + 1
            return tuple(replace(each, handling=self._handling(each, portal)) for each in found)

    def _handling(self, filing: Filing, portal: str) -> str:
        told = province(filing.portal or portal)
        if self.advance_per_look:
            stage = max(0, self._filed.looks.get(filing.serial, 0) - 1)
        else:
            age = self.clock.now() - filing.accepted_at
            stage = sum(age >= timedelta(days=days) for days in REVIEW_DAYS)
        last = len(told.stages) - 1
        if stage >= last and self._known(filing.code).state == EmployerState.RETURNED:
            return told.returned
        return told.stages[min(stage, last)]

    def _add_other_business(self, code: str, portal: str = "") -> None:
        """As many drafts and filings of other business as the switches say; no commits of this world."""
        if code in self._filed.other or not (self.other_drafts or self.other_filings):
            return
        if province(portal or self._known(code).portal).own_others:
            return
        self._filed.other.add(code)
        for number in range(max(self.other_drafts, self.other_filings)):
            at, key = self.clock.now(), self._journal.number()
            draft = Draft(f"D{key:06d}", code, OTHER_ITEMS[number % len(OTHER_ITEMS)], at.year, {}, at)
            if number < self.other_drafts:
                self._filed.drafts[draft.id] = draft
            if number < self.other_filings:
                self._list("", replace(draft, id=""), at, key)

    def _known(self, code: str) -> Employer:
        return self._filed.setups.get(code) or self._employers[code]

    def _list_old_filing(self, employer: Employer) -> None:
        listed = any(
            not each.draft_id and each.code == employer.code for each in self._filed.filings.values()
        )
        if listed or employer.state != EmployerState.ALREADY_FILED:
            return
        at = in_china(employer.filed_at) if employer.filed_at else self.clock.now()
        filed = Draft("", employer.code, REFUND, at.year, {"申请年度": str(at.year)}, at)
        self._list(employer.portal, filed, at, self._journal.number())
