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
    """The review of its filing ends with 审核退回."""


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer that the portal knows."""

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
    password: str = "Mock#2024"  # noqa: S105 - of a fictional account
    """Asked for only where :attr:`World.asks_password` is on."""
    filed_at: datetime | None = None
    """With ALREADY_FILED: when; ``None`` means the moment at which the world starts."""


@dataclass(slots=True)
class Session:
    """One browser's visit; signed in once ``code`` is set. Changed by the world alone."""

    id: str
    seen_at: datetime
    code: str = ""
    account: str = ""
    """Who passed the login's first step and is asked for the password next."""
    acknowledged: bool = False
    """资金用途告知 was confirmed during this visit."""


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: something that the portal has done for good."""

    sequence: int
    kind: str
    """``login``, ``acknowledge``, ``save``, ``notice``, ``upload``, ``delete`` or ``submit``."""
    code: str
    at: datetime
    values: Mapping[str, str]
