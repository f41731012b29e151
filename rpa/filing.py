"""The plain data of the house: employer, filing, what the portal recorded, how it ended.

Everything here is frozen. Personal data stays out of ``repr`` so that it cannot reach a log or a
traceback by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

_YEAR = re.compile(
    r"(?<!\d)(20\d\d)(?=\s*年|[-/.]\d|$)"
    r"|(?<!\d)(20\d\d)(?:0\d|1[0-2])[0-3]\d(?!\d)"
    r"|(?<!\d)(\d\d)[-/.年]\d\d?[-/.月]\d\d?(?!\d)"
)
"""With what follows it, in a date without marks, or in two digits, as the manual of 2023 has it."""

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""The portals' zone; China has no other, and no summer time."""


def year_in(text: str) -> int | None:
    """The first year that a text names, as in ``2026年度``, ``2026-03-05``, ``20260305`` or ``26-03-05``.

    >>> year_in("2026年度失业保险稳岗返还信息确认"), year_in("2025-11-30 09:12"), year_in("编号 440020261234")
    (2026, 2025, None)
    >>> year_in("20241130"), year_in("23-08-11 10:02")
    (2024, 2023)
    """
    found = _YEAR.search(text)
    return 2000 + int(next(filter(None, found.groups()))) % 100 if found else None


class Verdict(StrEnum):
    """How a filing stands. What happens next: docs/commands.md, "Verdicts"."""

    SUBMITTED = "SUBMITTED"
    ALREADY_FILED = "ALREADY_FILED"
    REHEARSED = "REHEARSED"
    REFUSED = "REFUSED"
    RETURNED = "RETURNED"
    NEEDS_PERSON = "NEEDS_PERSON"
    UNCONFIRMED = "UNCONFIRMED"
    UNAVAILABLE = "UNAVAILABLE"
    PORTAL_CHANGED = "PORTAL_CHANGED"
    CANCELLED = "CANCELLED"

    @property
    def chinese(self) -> str:
        """The word that operators read in the workbook and the report."""
        return _VERDICTS[self].chinese

    @property
    def advice(self) -> str:
        """What the operator does next, in Chinese; used where the outcome says nothing better."""
        return _VERDICTS[self].advice

    @property
    def tone(self) -> str:
        """The name of its colour on a page."""
        return _VERDICTS[self].tone

    @property
    def cell(self) -> str:
        """The name of its colour in a workbook, which knows ``good``, ``waiting`` and ``bad`` alone."""
        return _VERDICTS[self].cell

    @property
    def final(self) -> bool:
        """Whether running the workbook again leaves this filing alone."""
        return self in (Verdict.SUBMITTED, Verdict.ALREADY_FILED)


class _Shown(NamedTuple):
    """How a verdict is shown."""

    chinese: str
    tone: str
    cell: str
    advice: str


_VERDICTS = {
    Verdict.SUBMITTED: _Shown("已提交", "good", "good", "无需处理"),
    Verdict.ALREADY_FILED: _Shown("已申报", "good", "good", "无需处理：平台上早已有这笔申报"),
    Verdict.REHEARSED: _Shown(
        "试办完成", "calm", "good", "试办无误后再正式办理（操作台点“正式办理”，或 rpa run 不加 --until）"
    ),
    Verdict.REFUSED: _Shown("平台退回", "bad", "bad", "按平台的说明更正数据后重新运行"),
    Verdict.RETURNED: _Shown("审核退回", "bad", "bad", "按平台的审核意见更正数据后重新运行，将重新申报"),
    Verdict.NEEDS_PERSON: _Shown("需人工处理", "warn", "bad", "按说明处理后重新运行"),
    Verdict.UNCONFIRMED: _Shown("待核实", "warn", "waiting", "请到平台的办件列表核实；程序不会再次提交"),
    Verdict.UNAVAILABLE: _Shown("平台不可用", "wait", "waiting", "稍后重新运行即可继续"),
    Verdict.PORTAL_CHANGED: _Shown("页面变更", "bad", "bad", "请把截图发给开发人员核对页面"),
    Verdict.CANCELLED: _Shown("已取消", "calm", "waiting", "需要办理时重新运行"),
}
"""The one place for a verdict's words and colours."""


class PortalKey(str):
    """How ledger and queue name a portal, e.g. ``name`` or ``name@http://127.0.0.1:8410``.

    A portal in another environment (the mock, a test system) is another portal. It is a text, and the
    database keeps it as one.
    """

    __slots__ = ()

    @classmethod
    def of(cls, name: str, environment: str = "") -> Self:
        """The portal that the settings call ``name``; an empty environment is the real one."""
        return cls(f"{name}@{environment}" if environment else name)

    @property
    def name(self) -> str:
        """Its key in the settings."""
        return self.partition("@")[0]

    @property
    def environment(self) -> str:
        """See ``PortalSettings.environment``; empty for the real portal."""
        return self.partition("@")[2]


class FilingKey(NamedTuple):
    """What makes a filing the same filing: it is made at most once."""

    portal: str
    """As a :class:`PortalKey` names it, with its environment."""
    item: str
    year: int
    code: str
    """统一社会信用代码."""


@dataclass(frozen=True, slots=True)
class Employer:
    """One row's organisation, normalised (see ``rpa.identifiers``)."""

    name: str
    code: str
    """统一社会信用代码."""
    unit_number: str = ""
    """单位编号; some portals call it 单位管理码."""
    contact: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    payment: str = "单位"
    """发放方式."""
    account_name: str = field(default="", repr=False)
    """户名."""
    bank: str = field(default="", repr=False)
    """开户银行."""
    account: str = field(default="", repr=False)
    """银行账号."""
    dispatch: bool = False
    """是否劳务派遣."""
    purpose_accepted: bool = False
    """资金用途告知确认 = 是: the employer's own undertaking, without which nothing is acknowledged."""
    authorisation: str = ""
    """授权书编号."""
    authorised_until: date | None = None
    """授权书有效期."""
    handler: str = field(default="", repr=False)
    """经办人."""
    login: str = ""
    """登录方式."""
    login_name: str = field(default="", repr=False)
    """登录账号: the name of a stored login (see ``rpa.credentials.store``), never the account's secret."""
    materials: tuple[Path, ...] = ()
    """电子材料: files to upload under 企业相关证明材料."""
    remark: str = field(default="", repr=False)

    @property
    def personal(self) -> tuple[str, ...]:
        """What the row says of persons: hidden wherever it is not the row itself that is shown.

        What the employer's own name says, too, is no secret.
        """
        said = (self.contact, self.phone, self.account, self.account_name)
        return tuple(value for value in said if value and value not in self.name)


@dataclass(frozen=True, slots=True)
class Filing:
    """One employer × item × year at one portal: the thing that is done at most once."""

    portal: str
    """Its key in the settings."""
    city: str
    edition: str
    item: str
    """稳岗返还."""
    year: int
    employer: Employer
    row: int
    """Row number on the sheet, 1-based, as Excel shows it."""
    environment: str = ""
    """Names a portal that is not the real one; see ``PortalSettings.environment``."""
    row_hash: str = ""
    """SHA-256 (hex) of the row's cells as read, kept with the evidence."""

    @property
    def portal_key(self) -> PortalKey:
        """Its portal, with the environment."""
        return PortalKey.of(self.portal, self.environment)

    @property
    def key(self) -> FilingKey:
        """What makes a filing the same filing."""
        return FilingKey(self.portal_key, self.item, self.year, self.employer.code)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the portal's own progress list (办理进度查询)."""

    item: str
    """事项名称."""
    subject: str
    """主体名称."""
    accepted_at: str = ""
    """受理时间, as the portal shows it."""
    acceptance: str = ""
    """受理状态."""
    handling: str = ""
    """办理状态."""
    agency: str = ""
    """受理经办机构."""
    area: str = ""
    """受理统筹区."""
    serial: str = ""
    """受理流水号, where the portal gives one."""

    @property
    def status(self) -> str:
        """受理状态/办理状态, as far as the portal says them."""
        return "/".join(filter(None, (self.acceptance, self.handling)))

    def is_returned(self, words: Iterable[str]) -> bool:
        """Whether its status has one of the words by which the portal says that it returned the filing."""
        return any(word in self.status for word in words)

    def is_same(self, other: Record) -> bool:
        """Whether both are about one filing, whatever its status: by its serial, else by its moment."""
        ours = (self.serial, "" if self.serial else self.accepted_at)
        return ours == (other.serial, "" if other.serial else other.accepted_at)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run of a filing ended."""

    verdict: Verdict
    explanation: str
    """What happened, in Chinese."""
    advice: str = ""
    """What to do next, in Chinese; empty means the verdict's usual advice."""
    record: Record | None = None
    submitted_at: datetime | None = None
    """When the commit was made (aware)."""

    @property
    def next_step(self) -> str:
        """What a person does next, in Chinese."""
        return self.advice or self.verdict.advice


@dataclass(frozen=True, slots=True)
class RowStatus:
    """How one row of a workbook stands: what progress, results, report and commands show of it."""

    row: int
    """Row number on the sheet."""
    employer: str
    code: str
    portal: str
    """平台 as the workbook writes it."""
    outcome: Outcome | None = None
    """None while it has not ended."""
    attempts: int = 0
    filing: Filing | None = field(default=None, repr=False)
    """What the row asks for, where that is at hand; none for a row that the check refused."""

    @classmethod
    def of(cls, filing: Filing, *, portal: str, outcome: Outcome | None = None, attempts: int = 0) -> Self:
        """The status of a filing's row."""
        employer = filing.employer
        return cls(filing.row, employer.name, employer.code, portal, outcome, attempts, filing)

    @property
    def verdict(self) -> Verdict | None:
        """How it ended."""
        return self.outcome.verdict if self.outcome else None

    @property
    def record(self) -> Record | None:
        """The portal's own record, where there is one."""
        return self.outcome.record if self.outcome else None

    @property
    def word(self) -> str:
        """办理结论, or what it is busy with."""
        return self.verdict.chinese if self.verdict else ("办理中" if self.attempts else "未办理")

    @property
    def tone(self) -> str:
        """The name of its colour on a page."""
        return self.verdict.tone if self.verdict else "open"


@dataclass(frozen=True, slots=True)
class EndedRow(RowStatus):
    """A row that has ended."""

    outcome: Outcome

    @property
    def verdict(self) -> Verdict:
        """How it ended."""
        return self.outcome.verdict
