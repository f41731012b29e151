"""Which provinces the mock has: each is a package beside this module.

It offers ``PROVINCE``, what a world knows of it, and in its module ``site`` the function ``sites``, what is
served: from a world, an edition and the sites' addresses (see ``mock_portal.app``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import mock_portal


@dataclass(frozen=True, slots=True)
class Province:
    """What a world knows of one province."""

    name: str
    """平台 as a workbook writes it."""
    order: int
    """Its place among the provinces; the first one is meant where none is named."""
    editions: tuple[str, ...]
    """The newest last."""
    origins: tuple[str, ...]
    """What its sites beside the portal are called, in their order; the portal itself comes first, unnamed."""
    unit_numbers: str
    """How its 单位编号 begin."""
    serials: str
    """How its serial numbers begin."""
    stages: tuple[str, ...]
    """办理状态 in order."""
    returned: str
    """How the review of some ends instead of with the last stage."""
    own_others: bool = False
    """Whether its pages list ``Switches.other_filings`` themselves: then the world lists none of them."""
    looks: tuple[str, ...] = ()
    """What ``Switches.look`` may be, where its pages can look in more than one way."""


@cache
def provinces() -> Mapping[str, Province]:
    """Portal's key, which is its package's name → its province, in their order."""
    packages = (each.name for each in iter_modules(mock_portal.__path__) if each.ispkg)
    found = {key: import_module(f"mock_portal.{key}").PROVINCE for key in packages}
    return dict(sorted(found.items(), key=lambda item: int(item[1].order)))


def first_portal() -> str:
    """The portal that is meant where none is named."""
    return next(iter(provinces()))


def province(portal: str = "") -> Province:
    """A portal's province.

    Raises:
        KeyError: there is no such portal.
    """
    return provinces()[portal or first_portal()]
