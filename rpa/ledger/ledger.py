"""The ledger: the one place that knows what is true about every filing and every request."""

from __future__ import annotations

from rpa.ledger.filings import Filings
from rpa.ledger.requests import Requests


class Ledger(Filings, Requests):
    """Open it with :meth:`~rpa.ledger.store.Store.open`; safe to use from several processes at once."""
