"""The plain data of a :class:`~mock_portal.world.World`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EmployerState(StrEnum):
    """How the portal meets an employer."""

    NORMAL = "normal"
    ALREADY_FILED = "already_filed"
    """A filing of this year stands on the progress list from the start."""
    UNDER_12_MONTHS = "under_12_months"
    """Refused at 保存: too few months of contributions."""
    CERTIFICATE_ONLY = "certificate_only"
    """The certificate-free login is refused."""
    RETURNED = "returned"
    """The review of its filing ends with 审核退回, or 不予通过."""
    NOT_LISTED = "not_listed"
    """Not on this year's list. This and what follows: only where a page is confirmed, without a draft."""
    CLOSED = "closed"
    """This year's 稳岗返还 is over for it."""
    DISPATCH = "dispatch"
    """A 劳务派遣 unit, which has a system of its own."""
    NOT_AUTHORISED = "not_authorised"
    """Its 授权码 is missing: bound handlers may enter, and not file."""
    ACCOUNT_LOCKED = "account_locked"
    """The bank account is shown and cannot be changed."""
    ACCOUNT_MISSING = "account_missing"
    """Refused at 提交, whatever the page holds, since the agency's own record is incomplete."""


PASSWORD = "Mock#2024"  # noqa: S105 - of fictional accounts
"""The password of every account that is not told another one."""
PIN = "123456"
"""The PIN of every certificate that is not told another one."""
CERTIFICATES = ("网银证书", "CA证书")


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer that the portals know. What the second half says, only some portals ask for."""

    name: str
    code: str
    """统一社会信用代码."""
    unit_number: str
    """单位编号."""
    area: str = "长垣县"
    """受理统筹区."""
    kind: str = "企业"
    """类型."""
    affiliation: str = "县"
    """隶属关系."""
    state: EmployerState = EmployerState.NORMAL
    password: str = PASSWORD
    """Of its own account. See also ``Switches.asks_password``."""
    filed_at: datetime | None = None
    """With ALREADY_FILED: when; ``None`` means the moment at which the world starts."""
    portal: str = ""
    """The only portal that knows it (its key); empty: every one."""
    username: str = ""
    """Its own account, at the portal and at its identity provider; empty: its credit code."""
    handlers: tuple[str, ...] = ()
    """Accounts of the handlers that are bound to it."""
    trust_level: int = 4
    """可信等级 of its account at the identity provider; from 四级（L2） on it may file."""
    first_login: bool = False
    """Its first login by the identity provider is still to come: the portal asks for more (G3)."""
    scale: str = "小型企业"
    """单位划型."""
    insured: int = 36
    """参保人数."""
    amount: str = "18432.00"
    """返还金额, in yuan."""
    account_name: str = ""
    """户名 as the portal has it; so for the next four."""
    bank: str = ""
    account: str = ""
    contact: str = ""
    phone: str = ""

    @property
    def login(self) -> str:
        """Its own account."""
        return self.username or self.code


@dataclass(frozen=True, slots=True)
class Handler:
    """A person with a verified account, who files for the units bound to it."""

    account: str
    name: str = "示例经办"
    password: str = field(default=PASSWORD, repr=False)
    units: tuple[str, ...] = ()
    """Credit codes of units that are bound to it, beside those that name it themselves."""
    id_number: str = field(default="440101199003070010", repr=False)
    """居民身份证; a first login may ask for it (``Switches.setup_asks_identity``)."""


@dataclass(frozen=True, slots=True)
class Device:
    """A certificate's medium, as a bank or a certificate authority hands it out."""

    kind: str
    """One of ``CERTIFICATES``."""
    code: str
    """Whose it is."""
    pin: str = field(default=PIN, repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """A QR code that waits for a phone."""

    session_id: str
    text: str
    made_at: datetime
    picture_sha256: str
    code: str = ""
    """Whose 电子营业执照 scanned it."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the identity provider sends a visitor back with; good once, and not for long."""

    text: str = field(repr=False)
    account: str
    way: str
    code: str
    """The unit's; empty for a person."""
    made_at: datetime


@dataclass(slots=True)
class Session:
    """One browser's visit; signed in once ``code`` or ``login`` is set. Changed by the world alone."""

    id: str
    seen_at: datetime
    code: str = ""
    """The employer that the visit is for."""
    account: str = ""
    """Who passed the login's first step and is asked for the password next."""
    acknowledged: bool = False
    """资金用途告知 was confirmed during this visit."""
    login: str = ""
    """The account that signed in, where that is not simply the employer."""
    way: str = ""
    """How it signed in."""
    setup: str = ""
    """The page of the first login that comes next: ``person``, ``unit``, or nothing."""
    outdated: bool = False
    """The account has signed in elsewhere since."""


@dataclass(frozen=True, slots=True)
class AccountUse:
    """How an account was used since the last reset."""

    account: str
    logins: int = 0
    refusals: int = 0
    """Logins refused for a wrong password."""
    sessions: int = 0
    """Alive now."""
    concurrent: int = 0
    """Logins while another session of it was alive."""
    overlaps: int = 0
    """Sessions that were used after a newer login: two browsers had the account at once."""


@dataclass(frozen=True, slots=True)
class Captcha:
    """A picture captcha that waits for its answer; it can be tried once."""

    session_id: str
    text: str = field(repr=False)
    made_at: datetime
    picture_sha256: str


@dataclass(frozen=True, slots=True)
class Material:
    """One file of 采集电子材料."""

    kind: str
    name: str
    size: int
    sha256: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved form that waits for its submission."""

    id: str
    code: str
    item: str
    year: int
    values: Mapping[str, str]
    """Label → value, as the form was saved."""
    saved_at: datetime
    materials: tuple[Material, ...] = ()
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """A submitted form, as the progress list has it."""

    serial: str
    """受理流水号."""
    draft_id: str
    """Empty for a filing that was there from the start."""
    code: str
    subject: str
    """主体名称."""
    item: str
    year: int
    values: Mapping[str, str]
    area: str
    accepted_at: datetime
    acceptance: str = "已受理"
    """受理状态."""
    handling: str = "待办理"
    """办理状态."""
    portal: str = ""
    """Whose list it stands on; empty: every portal's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: something that the portal has done for good."""

    sequence: int
    kind: str
    """``login``, ``acknowledge``, ``save``, ``notice``, ``upload``, ``delete`` or ``submit``.

    Where a login may serve many units: ``login`` (its values name account and way), ``unit`` (chosen by a
    handler), ``setup`` (the first login completed), ``submit``, and ``overlap``: an older session was used
    after a newer login.
    """
    code: str
    at: datetime
    values: Mapping[str, str]
