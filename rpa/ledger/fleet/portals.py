"""The transactions over portals: the circuit breaker's memory, shared by all workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from rpa.filing import Verdict
from rpa.ledger.data.fleet import PortalState
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import portals


class Portals(Part):
    """How each portal's queue stands; a portal's key is with its environment, as in the filing's."""

    def states(self) -> Sequence[PortalState]:
        """Every portal that anything is known of."""
        with self._database.read() as connection:
            rows = connection.execute(select(portals).order_by(portals.c.portal)).mappings()
            return [PortalState(**row) for row in rows]

    def count_ending(self, key: str, verdict: Verdict) -> PortalState:
        """A filing ended: count what speaks against the portal in a row; returns how it stands now.

        A person's cancelling says nothing about the portal; every other ending says that it is well.
        """
        counted: dict[str, Any] = {"changed": 0, "unavailable": 0}
        if verdict is Verdict.UNAVAILABLE:
            counted["unavailable"] = portals.c.unavailable + 1
        elif verdict is Verdict.PORTAL_CHANGED:
            counted["changed"] = portals.c.changed + 1
        with self._database.write() as connection:
            self._know(connection, key)
            if verdict is not Verdict.CANCELLED:
                connection.execute(portals.update().where(portals.c.portal == key).values(**counted))
            row = connection.execute(select(portals).where(portals.c.portal == key)).mappings().one()
        return PortalState(**row)

    def pause(self, key: str, why: str, *, probe_at: datetime | None = None) -> bool:
        """Stop a portal's queue.

        Args:
            key: the portal.
            why: in Chinese, for the operator.
            probe_at: when it is looked at again; None: only a person resumes it.

        Returns:
            False where it is paused already: the first reason stays.
        """
        return self._change(
            key,
            portals.c.paused_at.is_(None),
            paused_at=self._database.now(),
            why=why,
            probe_at=probe_at,
            probes=0,
        )

    def resume(self, key: str) -> bool:
        """Let a portal's queue go on, with nothing held against it; False where it was not paused."""
        well = {"changed": 0, "unavailable": 0, "probes": 0, "why": "", "probe_at": None, "paused_at": None}
        paused = self._change(key, portals.c.paused_at.is_not(None), **well)
        if not paused:
            self._change(key, portals.c.paused_at.is_(None), changed=0, unavailable=0)
        return paused

    def take_probe(self, key: str, until: datetime) -> bool:
        """Whether this caller, and no other, probes a paused portal now.

        Args:
            key: the portal.
            until: when somebody else may, should this caller die.
        """
        due = portals.c.paused_at.is_not(None) & (portals.c.probe_at <= self._database.now())
        return self._change(key, due, probe_at=until)

    def probe_failed(self, key: str, next_at: datetime) -> None:
        """The portal is still unwell: it is looked at again later."""
        paused = portals.c.paused_at.is_not(None)
        self._change(key, paused, probe_at=next_at, probes=portals.c.probes + 1)

    def _change(self, key: str, condition: Any, **values: Any) -> bool:
        with self._database.write() as connection:
            self._know(connection, key)
            changed = connection.execute(
                portals.update().where(portals.c.portal == key, condition).values(**values)
            )
            return bool(changed.rowcount == 1)

    def _know(self, connection: Connection, key: str) -> None:
        connection.execute(self._database.insert(portals).values(portal=key).on_conflict_do_nothing())
