"""A batch at the mock portal of Guangdong: employers, handler, workbook, settings, stored logins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mock_portal.records import PASSWORD, Employer, EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.credentials.store import Credential, Credentials, Source
from rpa.settings.settings import Settings
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.support.batch import YEAR, Rows, hurried

HANDLER = "张三经办"
"""Name of the stored login, and the handler's account at the mock."""

Look: TypeAlias = Literal["classic", "spa"]
Phrasing: TypeAlias = Literal["own", "other"]
SHAPES: tuple[tuple[Look, Phrasing], ...] = (
    ("classic", "own"),
    ("classic", "other"),
    ("spa", "own"),
    ("spa", "other"),
)
"""How the pages are made, and in whose words they speak: the verdicts are the same."""


def rows(count: int = 1, **values: Any) -> list[dict[str, Any]]:
    """Rows of fictional employers of one handler; ``values`` are the same in all of them."""
    return [dict(row) | values for row in sample_rows(count, YEAR, portal="广东")]


def employer(row: Any, **facts: Any) -> Employer:
    """The employer of a row as the portal knows it: without account and contact unless told."""
    known = Employer(
        str(row["name"]),
        str(row["code"]),
        str(row["unit_number"]),
        portal="guangdong",
        handlers=(str(row["login_name"]),),
    )
    return replace(known, **facts)


def world(employers: Rows, **states: EmployerState) -> World:
    """A portal that knows these employers; ``states`` by credit code."""
    return World([_known(row, states.get(str(row["code"]), EmployerState.NORMAL)) for row in employers])


def _known(row: Any, state: EmployerState) -> Employer:
    locked = held(row) if state is EmployerState.ACCOUNT_LOCKED else {}
    return employer(row, state=state, **locked)


def held(row: Any) -> dict[str, str]:
    """The row's account, as facts of an employer."""
    return {key: str(row[key]) for key in ("account_name", "bank", "account")}


def serve(known: World) -> MockPortal:
    return MockPortal(world=known, portal="guangdong")


def addresses(portal: MockPortal) -> dict[str, Any]:
    """What the settings say of a portal that is served."""
    return {"base_url": portal.url, "extra_origins": portal.urls[1:]}


def settings(folder: Path, served: MockPortal, **more: Any) -> Settings:
    """In a hurry, with the handler's login stored."""
    configured = hurried(folder, {"guangdong": addresses(served) | more.pop("portal", {})}, **more)
    store(configured, HANDLER)
    return configured


def store(configured: Settings, name: str, account: str = "", password: str = PASSWORD) -> None:
    """Keep a login in the file of the user's folder; its account is its name unless told."""
    configured.home.mkdir(parents=True, exist_ok=True)
    login = Credential(account or name, password)
    Credentials(configured.home).set("guangdong", name, login, into=Source.FILE)


def write(path: Path, employers: Rows) -> Path:
    write_sample(path, employers, portals=["广东"])
    return path
