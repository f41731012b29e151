"""What is set for a portal: everything that differs by province, edition, city or year, and is no secret."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rpa.settings.addresses import Address, origin_of
from rpa.settings.configs import LAST, portals_in_order
from rpa.settings.hours import opening_hours
from rpa.settings.speech import Tone, WordList, shared_words
from rpa.settings.words import Entry, Screens

OpeningHours = Annotated[str, AfterValidator(opening_hours)]


class Strict(BaseModel):
    """A part of the settings: unknown keys are refused, and no error repeats a value."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Edition(Strict):
    """What differs by the portal's year."""

    item_names: dict[str, tuple[str, ...]]
    """Item → every name that the portal gives it (portals.md, "What changes the design", 2)."""
    words: Screens = {}
    """What only this edition's screens say."""


class LoginWay(Strict):
    """One way to log in at a portal, named as the workbook's 登录方式 names it."""

    stored: bool = False
    """Account and password come from a stored login, which the row's 登录账号 names."""
    shared: bool = False
    """One login serves many employers: their filings follow one another in one session."""
    instead: str = ""
    """The way that is gone where a row names this one, which the program does not go; the check says so."""


class UnitNumbers(Strict):
    """What a portal's 单位编号 usually look like (inferred): for a warning alone."""

    pattern: str
    """A regular expression that fits all of it."""
    words: str
    """The same in Chinese, as in “应为…”."""


class SampleEmployer(Strict):
    """A fictional employer."""

    name: str
    """With 示例 in it; a number is put there where more employers are wanted than there are names."""
    city: str
    division: str = Field(pattern=r"^\d{6}$")
    """Six digits (GB/T 2260), for its credit code."""


class Samples(Strict):
    """What a portal's fictional employers have in common (see ``rpa.workbook.samples``)."""

    unit_number: str
    """How their 单位编号 begin, before the last ten digits."""
    mobile: str
    """How their mobile numbers begin, before the last eight."""
    account: str
    """How their accounts begin, before the last twelve."""
    employers: tuple[SampleEmployer, ...] = Field(min_length=1)
    columns: dict[str, str] = {}
    """Columns (keys of ``rpa.workbook.columns``) that are the same in all their rows."""


class PortalSettings(Strict):
    """One portal, from ``configs/<portal>.toml``."""

    name: str
    """平台 as the workbook writes it."""
    order: int = LAST
    """Its place among the portals in the demo and in help texts, whose example is the first one."""
    base_url: Address
    environment: str = ""
    """Names a portal that is not the real one (a test environment, the mock): its filings are other
    filings, so that a rehearsal never counts as filed. Empty for the real portal."""
    extra_origins: tuple[Address, ...] = ()
    """Other origins that the portal's pages need (an identity provider, a file server)."""
    default_edition: str
    editions: dict[str, Edition]
    city_editions: dict[str, str] = {}
    """City → edition, where a city lags behind."""
    words: Screens = {}
    """Every label and message that a flow waits for or uses."""
    labels: dict[str, tuple[str, ...]] = {}
    """Further names of labels, messages and column heads, as a user adds them: our word → what the portal
    says instead."""
    speech: dict[Tone, WordList] = {}
    """Tone → words, or patterns between slashes, by which this portal's messages are told before those that
    all portals share (``configs/defaults.toml``)."""
    home_path: str = ""
    """Where whoever is signed in finds the unit's home, where that is known."""
    step_seconds: float = 30.0
    """How long a page may take to show what a step waits for."""
    save_seconds: float = 60.0
    captcha_seconds: float = Field(default=100.0, gt=0)
    """So long after a captcha's picture was asked for its text is taken: less than the picture's own life at
    the portal (120 s, inferred), so that the answer can be typed and sent."""
    at_once: int = Field(default=4, ge=1, le=64)
    """So many filings at this portal at the same time, over all machines that share a ledger."""
    starts_per_minute: int = Field(default=20, ge=1)
    """So many filings begin in any minute, over all machines that share a ledger: the polite pace."""
    opening_hours: tuple[OpeningHours, ...] = ()
    """When filings may begin (China's time), such as ``1-5 08:00-20:00`` (Monday to Friday) or
    ``06:00-23:30`` (every day); empty: always. See :mod:`rpa.settings.hours`."""
    single_send: bool = True
    """Whether a commit's request is taken out of the browser's hands so that it leaves once."""
    list_name: str = "办件列表"
    """What the portal calls the list on which a filing is proved."""
    returned_words: tuple[str, ...] = ("审核退回", "不通过", "退回")
    """What a status on that list says where the portal returned a filing: it asks for a correction."""
    look_up_seconds: float = Field(default=3.0, ge=0)
    """Seconds between two looks at the portal's list for what was just submitted: lists lag behind."""
    look_ups: int = 3
    """How often the portal's list is asked before a submitted filing counts as not found."""
    logins: dict[str, LoginWay] = {}
    """登录方式 → how it works; empty: the portal has one way, and rows need not name it."""
    default_login: str = ""
    """登录方式 of the rows that name none."""
    keep_session_minutes: float = Field(default=0.0, ge=0)
    """So long after its login a shared session may be used by a later run, kept sealed in ``home``;
    0: it ends with the work and is never written down."""
    unit_numbers: UnitNumbers | None = None
    private_labels: tuple[str, ...] = ()
    """Labels beside or above which a page shows data of persons: hidden in the pictures that are shared,
    whatever they hold. What the row itself holds is hidden wherever it shows."""
    not_required: tuple[str, ...] = ()
    """Columns (keys of ``rpa.workbook.columns``) that are required elsewhere and not at this portal."""
    column_notes: dict[str, str] = {}
    """Column (likewise) → what the workbook's instructions say of it for this portal."""
    samples: Samples | None = None
    """Fictional employers for the template's examples, the demo and rehearsals; none: it has no examples."""

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that a browser context of this portal may talk to."""
        return frozenset(origin_of(url) for url in (self.base_url, *self.extra_origins))

    def edition_for(self, city: str) -> str:
        """The edition that a city's filings use."""
        return self.city_editions.get(city, self.default_edition)

    def login_way(self, name: str) -> LoginWay:
        """How a row logs in that names ``name`` as its 登录方式 (or nothing)."""
        return self.logins.get(name or self.default_login, LoginWay())

    def entries(self) -> tuple[Entry, ...]:
        """Every word of every screen, those that one edition alone has behind the others."""
        parts = [("", self.words), *((year, edition.words) for year, edition in self.editions.items())]
        return tuple(
            Entry(screen, year, ours, word)
            for year, screens in parts
            for screen, words in screens.items()
            for ours, word in words.items()
        )

    def is_optional(self, word: str) -> bool:
        """Whether our word names something that is used where it is there, and not missed."""
        return any(entry.ours == word and entry.word.optional for entry in self.entries())

    def spoken(self, tone: Tone) -> tuple[str, ...]:
        """The words of a tone: the portal's own, then the shared ones."""
        return (*self.speech.get(tone, ()), *shared_words().get(tone, ()))

    def label(self, word: str) -> tuple[str, ...]:
        """Our word for a label followed by the other names that are known for it, on whatever screen."""
        return self._names.get(word) or (word,)

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for entry in self.entries():
            names[entry.ours] = (*names.get(entry.ours, (entry.ours,)), *entry.word.names)
        for ours, others in self.labels.items():
            names[ours] = (*names.get(ours, (ours,)), *others)
        return {ours: tuple(dict.fromkeys(known)) for ours, known in names.items()}


def shipped_portals() -> dict[str, PortalSettings]:
    """The portals as ``configs/`` has them, whatever a user sets, by their ``order``.

    Raises:
        UserError: a file is not TOML.
        pydantic.ValidationError: a value or key in one is wrong.
    """
    return {key: PortalSettings.model_validate(values) for key, values in portals_in_order().items()}
