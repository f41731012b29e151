"""Why something stopped. Each class is an instruction about what happens next.

::

    RpaError                    anything this project raises on purpose
    ├── UserError               a command cannot go on: the message (Chinese) says what to do
    │   └── LedgerDown          the database is out of reach for now: treated like a crash, tried again
    ├── Interrupted             an attempt ends without a verdict; its filing goes on later or elsewhere
    │   ├── Drained             this worker was asked to stop
    │   └── Superseded          another worker took the filing over
    └── Stop                    one filing stopped; ``verdict`` says how it stands
        ├── RehearsalEnded      REHEARSED       --until was reached
        ├── Refused             REFUSED         the portal's own words are in the message
        ├── NeedsPerson         NEEDS_PERSON    data, authorisation or the portal want a person
        │   ├── LoginRefused    NEEDS_PERSON    account or password wrong: not tried again by itself
        │   ├── Mismatch        NEEDS_PERSON    page and row disagree
        │   └── IncompleteList  NEEDS_PERSON    a list has more than could be read: nothing is "not there"
        ├── Unanswered          NEEDS_PERSON    nobody answered in time: back in line first
        ├── Unconfirmed         UNCONFIRMED     perhaps submitted: looked up, never submitted again
        ├── Unavailable         UNAVAILABLE     the portal is unwell: tried again later
        │   ├── SessionExpired  UNAVAILABLE     logged out in the middle: the attempt starts over
        │   └── Maintenance     UNAVAILABLE     closed for now: no use in starting over at once
        ├── PortalChanged       PORTAL_CHANGED  a label is missing or fits twice
        │   └── NotTaken        PORTAL_CHANGED  a field does not take what is typed into it
        ├── ForeignOrigin       PORTAL_CHANGED  a page outside the allowed origins wanted our data
        └── Cancelled           CANCELLED       a person said no

Messages are Chinese because operators read them. They never hold a secret, an account number or a
phone number: say which field, not which value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from rpa.filing import Verdict


class RpaError(Exception):
    """Anything that this project raises on purpose."""


class UserError(RpaError):
    """A command cannot go on. The message is Chinese and says what is wrong and what to do."""


class LedgerDown(UserError):  # noqa: N818 - a state, not a mistake
    """The ledger's database is out of reach for now (restarting, network)."""


class Interrupted(RpaError):  # noqa: N818 - the words of the design, not "…Error"
    """An attempt ends without a verdict: before its commit, and nothing is lost."""


class Drained(Interrupted):
    """The worker was asked to stop: the filing goes back in line."""


class Superseded(Interrupted):
    """Another worker took the filing over: this one must not touch it any more."""


class Stop(RpaError):  # noqa: N818 - the words of the design, not "…Error"
    """One filing stopped; ``verdict`` says how it stands now.

    Args:
        message: what happened, in Chinese.
        advice: what a person does next, in Chinese; empty for the verdict's usual advice.
    """

    verdict: ClassVar[Verdict]
    restartable: ClassVar[bool] = False
    """Whether the engine may start the attempt over, before the commit."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class RehearsalEnded(Stop):
    """``--until`` stopped the attempt on purpose."""

    verdict = Verdict.REHEARSED


class Refused(Stop):
    """The portal refused; the message holds the portal's own words."""

    verdict = Verdict.REFUSED


class NeedsPerson(Stop):
    """Only a person can go on: wrong data, no authorisation, a counter visit."""

    verdict = Verdict.NEEDS_PERSON


class LoginRefused(NeedsPerson):
    """The portal refused a stored account or password.

    Nothing tries it again before a person corrected it: a few wrong passwords lock an account.
    """


@dataclass(frozen=True, slots=True)
class Difference:
    """One value where page and row disagree, or which the page cut or formatted."""

    label: str
    expected: str = field(repr=False)
    shown: str = field(repr=False)


class Mismatch(NeedsPerson):
    """The page and the workbook's row disagree.

    Args:
        differences: what differs; the message names the fields, never the values.
    """

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        fields = "、".join(difference.label for difference in differences)
        super().__init__(f"页面与表格不一致：{fields}", "请核对表格与平台上的单位信息，更正后重新运行")
        self.differences = differences


class IncompleteList(NeedsPerson):
    """A list has more rows than could be read: what was not read may be the row that is looked for.

    Args:
        why: what is missing, in Chinese, such as how many of how many were read.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"平台的列表没有读全：{why}", "请登录平台，人工核实列表中有没有这笔业务")


class Unanswered(Stop):
    """Nobody answered a request in time; the filing goes back in line."""

    verdict = Verdict.NEEDS_PERSON


class Unconfirmed(Stop):
    """Submitted or perhaps submitted. It is looked up again, never submitted again."""

    verdict = Verdict.UNCONFIRMED


class Unavailable(Stop):
    """The portal is unwell: errors, maintenance, no answer in time."""

    verdict = Verdict.UNAVAILABLE
    restartable = True


class SessionExpired(Unavailable):
    """The portal logged us out in the middle."""


class Maintenance(Unavailable):
    """The portal says that it is closed for now: starting over at once would not help."""

    restartable = False


class PortalChanged(Stop):
    """A label that the manual names is missing, or fits more than one control."""

    verdict = Verdict.PORTAL_CHANGED


class NotTaken(PortalChanged):
    """A field holds something else than what was typed into it, and the flow compares it with nothing."""


class ForeignOrigin(PortalChanged):
    """A page outside the portal's allowed origins; nothing was typed there."""


class Cancelled(Stop):
    """A person stopped it."""

    verdict = Verdict.CANCELLED
