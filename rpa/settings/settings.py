"""Values that differ by machine, portal, edition or city: ``configs/*.toml``, a user's own file, ``RPA_*``.

Strongest first: arguments, environment (``RPA_BROWSER__HEADED=1``), ``settings.toml`` in the user's
folder, ``configs/*.toml``, the defaults here. Unknown keys are refused, so a typing error cannot
silently do nothing. Secrets never stand here.
"""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from rpa.errors import UserError
from rpa.filing import PortalKey
from rpa.settings.addresses import SocketAddress
from rpa.settings.configs import default_values, portal_values, read_toml
from rpa.settings.portal import PortalSettings, Strict

Until = Literal["fill", "save", "submit"]
Approve = Literal["each", "first", "none"]


class BrowserSettings(Strict):
    """Which browser, and how it is shown."""

    executable: Path | None = None
    channel: str | None = None
    """``chrome`` or ``msedge``; empty means: find what is there."""
    headed: bool = False
    slow_mo: float = 0.0
    """Milliseconds between actions, to watch."""
    width: int = 1280
    height: int = 800
    jpeg_quality: int = 70
    ws_endpoint: SocketAddress = ""
    """``wss://…`` of a Playwright server whose browser is used instead of one on this machine
    (plain ``ws://`` on loopback alone: what is typed goes through it)."""


class OperatorSettings(Strict):
    """How long a person has, and how often is asked again."""

    captcha_seconds: float = 110.0
    """So long a captcha waits for a person; less where its picture is of use for less (the portal's
    ``captcha_seconds``)."""
    approval_seconds: float = 900.0
    captcha_tries: int = 5
    times_in_line: int = 2
    """How often a filing goes back in line when nobody answered."""


class EngineSettings(Strict):
    """The pace of the work, and what happens when something goes wrong."""

    concurrency: int | None = Field(default=None, ge=1, le=64)
    """So many filings of one portal at once on one machine; none: as many as keep whoever answers busy
    (``rpa.engine.worker.concurrency``). The portal's ``at_once`` holds over all."""
    most_at_once: int = Field(default=12, ge=1, le=64)
    """Where that is measured: not more than so many. A session takes about 50 MB besides the 450 MB of
    program, driver and browser."""
    restarts: int = Field(default=2, ge=0)
    """How often an attempt starts over at once, before its commit."""
    retry_delays: tuple[float, ...] = (60.0, 300.0, 900.0)
    """Seconds after which a filing that ended 平台不可用 is tried again by itself; then it stays so."""
    changed_in_a_row: int = Field(default=3, ge=1)
    """So many PORTAL_CHANGED one after the other pause a portal until a person resumes it."""
    unavailable_in_a_row: int = Field(default=5, ge=1)
    """So many UNAVAILABLE one after the other pause a portal until a probe finds it well."""
    probe_delays: tuple[float, ...] = Field(default=(60.0, 120.0, 300.0, 900.0), min_length=1)
    """Seconds before each probe of a paused portal; the last one goes on and on."""
    clear_after: float = Field(default=86_400.0, ge=0)
    """Seconds between two looks at the portal's list that must both find nothing before a person may
    declare that a commit never arrived."""
    poll_seconds: float = Field(default=0.1, gt=0, le=5)
    """How often the queue is looked at: an enqueued filing starts within two looks."""
    heartbeat_seconds: float = Field(default=5.0, gt=0)
    """How often a worker says that it lives."""
    dead_seconds: float = Field(default=30.0, gt=0)
    """A worker silent for so long is dead: others take over its filings."""


class ConsoleSettings(Strict):
    """Where the operator's page is served."""

    port: int = Field(default=8790, ge=0, le=65535)
    """Where it is taken, the next free one is used."""
    host: str = "127.0.0.1"
    """Beyond loopback it needs a password (``rpa console --set-password``) and the two files below."""
    names: tuple[str, ...] = ()
    """Names by which other machines call it."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    undo_seconds: float = Field(default=3.0, ge=0, le=30)
    """So long an approval given in the console can be taken back before it is used."""


class EvidenceSettings(Strict):
    """What makes evidence stand by itself."""

    timestamp_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """A time-stamping authority (RFC 3161) that is asked when a batch is sealed; empty: none is. It gets
    one hash, and its answer is signed: plain http will do."""
    timestamp_roots: Path | None = None
    """PEM file with the root certificates that an authority's timestamp must lead to; none: the system's."""
    encrypt_to: tuple[str, ...] = ()
    """Further age recipients (``age1…``) that can open encrypted evidence, such as a key kept in a safe."""


class WorkbookSettings(Strict):
    """What an agency does its own way in workbooks: names of columns, and how often results are written."""

    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Column of ours → further headers that mean it."""
    rewrite_seconds: float = 5.0
    """The result copy is written not more often than this."""


class Settings(BaseSettings):
    """Everything configurable. Build it with :func:`load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="RPA_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("wengang-rpa", appauthor=False))
    """A user's database, evidence and settings; readable by the owner alone."""
    database_url: str = ""
    """Empty: an SQLite file in ``home``."""
    evidence_folder: Path | None = None
    """Where batches keep their evidence; a shared folder where several machines work on one ledger."""
    operator_name: str = ""
    """经办人 as the evidence names them; empty: the account of the machine."""
    browser: BrowserSettings = BrowserSettings()
    operator: OperatorSettings = OperatorSettings()
    engine: EngineSettings = EngineSettings()
    workbook: WorkbookSettings = WorkbookSettings()
    console: ConsoleSettings = ConsoleSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    portals: dict[str, PortalSettings] = {}

    @property
    def by_key(self) -> dict[PortalKey, PortalSettings]:
        """The portals as ledger and queue name them, each in its environment."""
        return {PortalKey.of(name, portal.environment): portal for name, portal in self.portals.items()}

    @property
    def login_ways(self) -> list[str]:
        """Every 登录方式 that some portal knows, each once."""
        return list(dict.fromkeys(way for portal in self.portals.values() for way in portal.logins))

    @property
    def person(self) -> str:
        """经办人 as the evidence names them."""
        return self.operator_name or getpass.getuser()

    @property
    def ledger_url(self) -> str:
        """The SQLAlchemy address of the ledger: an SQLite file in the user's folder unless one is set."""
        return self.database_url or f"sqlite:///{self.home / 'ledger.db'}"

    @property
    def evidence_root(self) -> Path:
        """The folder with one bag per batch: in the user's folder unless one is set."""
        return self.evidence_folder or self.home / "evidence"

    @property
    def seal_key(self) -> Path:
        """The file with the key that seals what the ledger keeps of a row (see ``rpa.privacy.sealing``)."""
        return self.home / "seal.key"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the files."""
        return (init_settings, env_settings, _Files(settings_cls))


class _Files(PydanticBaseSettingsSource):
    """``configs/*.toml`` under the user's own ``settings.toml``."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values = merge(default_values(), {"portals": portal_values()})
        home = self.current_state.get("home") or os.environ.get("RPA_HOME")
        own = Path(home or user_data_path("wengang-rpa", appauthor=False)) / "settings.toml"
        return merge(values, read_toml(own)) if own.is_file() else values


def merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Two trees of settings as one; ``above`` wins leaf by leaf."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = merge(old, value) if both else value  # type: ignore[arg-type]
    return merged


def load_settings(**overrides: Any) -> Settings:
    """Read every source of settings.

    Args:
        overrides: nested values as a command's options give them; they win.

    Raises:
        UserError: a value or key is wrong; the message (Chinese) names it, never its value.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in problem['loc'])}：{_problem(problem)}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise UserError("设置有误：\n" + "\n".join(lines)) from None


def _problem(problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return "没有这个设置项，请检查拼写"
    return str(problem["msg"]).removeprefix("Value error, ")
