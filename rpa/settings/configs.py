"""The files under ``configs/`` as they stand there: unchecked, and read quickly enough for a help text."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from rpa.errors import UserError

LAST = 1000
"""The place of portals that name none."""
_DEFAULTS = "defaults"
"""The one file that is no portal's."""


@cache
def configs_folder() -> Path:
    """``configs/``: inside the installed package, or at the top of the checkout."""
    packaged = Path(__file__).parents[1] / "configs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "configs"


def default_values() -> dict[str, Any]:
    """What ``configs/defaults.toml`` sets beside the portals; nothing where there is no such file.

    The words of ``[speech]`` are no part of it: they belong to every portal
    (:func:`rpa.settings.speech.shared_words`).

    Raises:
        UserError: it cannot be read as TOML.
    """
    return {key: value for key, value in read_defaults().items() if key != "speech"}


def read_defaults() -> dict[str, Any]:
    """All that ``configs/defaults.toml`` says.

    Raises:
        UserError: it cannot be read as TOML.
    """
    path = configs_folder() / f"{_DEFAULTS}.toml"
    return read_toml(path) if path.is_file() else {}


def portal_values() -> dict[str, dict[str, Any]]:
    """Portal → what its file says, by the files' names.

    Raises:
        UserError: one cannot be read as TOML.
    """
    paths = sorted(configs_folder().glob("*.toml"))
    return {path.stem: read_toml(path) for path in paths if path.stem != _DEFAULTS}


def portals_in_order() -> dict[str, dict[str, Any]]:
    """As :func:`portal_values`, by their ``order``: the first is the usual example.

    Raises:
        UserError: one cannot be read as TOML.
    """
    return dict(sorted(portal_values().items(), key=lambda item: int(item[1].get("order", LAST))))


def read_toml(path: Path) -> dict[str, Any]:
    """A file of settings.

    Raises:
        UserError: it is not TOML; the message (Chinese) names it.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"设置文件 {path} 不是有效的 TOML：{error}") from error
