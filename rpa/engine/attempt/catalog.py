"""Which flows there are: found by name, so that the engine knows no province."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from rpa.browser.session import Session
from rpa.browser.signs import Interruption
from rpa.engine.attempt.attempt import Attempt, Receipt
from rpa.errors import UserError
from rpa.filing import Employer, Record


@dataclass(frozen=True, slots=True)
class Flow:
    """How one item is done at one portal."""

    file: Callable[[Attempt, Employer], Awaitable[Receipt]]
    """Do the filing and return the portal's own record of it."""
    look_up: Callable[[Attempt, Employer], Awaitable[Record | None]]
    """Find the filing on the portal's own list; changes nothing there."""
    still_pending: Callable[[Attempt, Employer], Awaitable[bool | None]] | None = None
    """Whether the saved form still stands among those that wait for their submission; None: it cannot tell.
    Asked where a commit was made and the portal's list has nothing, in the session that looked at the list:
    a form that still stands proves that nothing was submitted. Changes nothing there."""


@dataclass(frozen=True, slots=True)
class Province:
    """What a package ``flows.<portal>`` offers as ``PROVINCE``."""

    items: Mapping[str, Flow]
    interruptions: Sequence[Interruption]
    """What may show up on any page of the portal and stops a filing."""
    probe: Callable[[Session], Awaitable[None]]
    """See whether the portal is well: opens its first page and waits for the login's entrance. Changes
    nothing there, types nothing, asks nobody; raises ``Stop`` when the portal is not well."""


def province(portal: str) -> Province:
    """The flows of one portal.

    Raises:
        UserError: there is no package ``flows.<portal>``.
    """
    name = f"flows.{portal}"
    if not portal.isidentifier() or find_spec(name) is None:
        raise UserError(f"没有平台 {portal} 的办理流程")
    found = import_module(name).PROVINCE
    assert isinstance(found, Province), f"{name}.PROVINCE"
    return found


def flow(portal: str, item: str) -> Flow:
    """How an item is done at a portal.

    Raises:
        UserError: the portal has no such item.
    """
    items = province(portal).items
    if item not in items:
        raise UserError(f"平台 {portal} 没有事项“{item}”；现有：{'、'.join(items)}")
    return items[item]
