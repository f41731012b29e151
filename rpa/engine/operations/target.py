"""What ``rpa pause``, ``resume`` and ``cancel`` act on: a batch, or a portal in one of its environments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.engine.operations.portal_names import portal_keys, portal_name
from rpa.errors import UserError
from rpa.filing import PortalKey, Verdict
from rpa.ledger.batches.batches import Batches
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import TaskState
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings

_NAMED = 8
"""Batches that a message names at most, the newest first."""


@dataclass(frozen=True, slots=True)
class Target:
    """A batch, or a portal."""

    key: str
    """The batch's id, or the portal's key with its environment."""
    shown: str
    """What operators read: ``批次 B20261122-1`` or ``平台“…”``."""
    batch: Batch | None = None
    """None: it is a portal."""

    def running(self, ledger: Ledger) -> int:
        """How many of its filings are being worked on."""
        return ledger.counts.running(self.key) if self.batch else _sum(ledger, self.key, TaskState.RUNNING)

    def uncertain(self, ledger: Ledger) -> int:
        """How many of its filings were perhaps submitted and are not proved."""
        if self.batch:
            return ledger.counts.of(self.key).verdicts.get(Verdict.UNCONFIRMED, 0)
        return _sum(ledger, self.key, Verdict.UNCONFIRMED)


def find_batch(batches: Batches, text: str) -> Batch:
    """The batch with an id as a person typed it.

    Raises:
        UserError: there is none; the message names those that there are.
    """
    every = batches.all()
    if (batch := _named(every, text)) is None:
        raise UserError(f"没有批次 {text}，{_existing(every)}")
    return batch


def find_target(ledger: Ledger, settings: Settings, text: str) -> Target:
    """The batch, or the portal, that a person means.

    A portal goes by its name (平台), its key in the settings, or, where the ledger knows more than one
    environment of it, its key with the environment (``<portal>@http://127.0.0.1:8410``).

    Raises:
        UserError: neither a batch nor a portal, or a name that fits several environments.
    """
    batches = ledger.batches.all()
    if batch := _named(batches, text):
        return Target(batch.id, f"批次 {batch.id}", batch)
    key = _portal(ledger, settings, text, batches)
    return Target(key, f"平台“{portal_name(settings, key)}”")


def known_portals(ledger: Ledger) -> set[str]:
    """The portals, with their environments, that the ledger has anything to do with now."""
    return _at_work(ledger) | {state.portal for state in ledger.portals.states()}


def unserved(ledger: Ledger, settings: Settings) -> set[str]:
    """Portals with work in the ledger that these settings do not name, in that environment."""
    return _at_work(ledger) - settings.by_key.keys()


def _at_work(ledger: Ledger) -> set[str]:
    active = (one for one in ledger.batches.all() if one.state is not BatchState.CANCELLED)
    return {portal for batch in active for portal in ledger.counts.unfinished(batch.id)}


def _named(batches: Sequence[Batch], text: str) -> Batch | None:
    return next((batch for batch in batches if batch.id == text.upper()), None)


def _portal(ledger: Ledger, settings: Settings, text: str, batches: Sequence[Batch]) -> str:
    known = known_portals(ledger)
    if text in known:
        return text
    keys = portal_keys(settings)
    if text not in keys:
        named = [f"{portal.name}（{name}）" for name, portal in settings.portals.items()]
        portals = "、".join([*named, *sorted(known - settings.portals.keys())])
        raise UserError(f"没有批次或平台 {text}。平台：{portals}；{_existing(batches)}")
    return _environment(settings, keys[text], known)


def _environment(settings: Settings, name: str, known: set[str]) -> str:
    fitting = sorted(key for key in known if PortalKey(key).name == name)
    if len(fitting) > 1:
        raise UserError(
            f"平台“{settings.portals[name].name}”有几个环境，请写明是哪一个：{'、'.join(fitting)}"
        )
    return fitting[0] if fitting else PortalKey.of(name, settings.portals[name].environment)


def _existing(batches: Sequence[Batch]) -> str:
    if not batches:
        return "台账中还没有批次"
    named = "、".join(batch.id for batch in batches[:_NAMED])
    return f"现有批次：{named}" + (f" 等 {len(batches)} 个，见 rpa status" if len(batches) > _NAMED else "")


def _sum(ledger: Ledger, portal: str, kind: str) -> int:
    rows = (ledger.counts.of(batch.id).portals.get(portal, {}) for batch in ledger.batches.all())
    return sum(counts.get(kind, 0) for counts in rows)
