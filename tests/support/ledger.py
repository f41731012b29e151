"""Looks at a ledger that the program itself has no need of."""

from __future__ import annotations

from rpa.ledger.data.fleet import PortalState
from rpa.ledger.ledger import Ledger


def portal_state(ledger: Ledger, key: str) -> PortalState:
    """How one portal's queue stands; well where nothing is known of it."""
    return next((one for one in ledger.portals.states() if one.portal == key), PortalState(key))
