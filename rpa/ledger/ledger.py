"""The ledger: the one place that knows what is true about every filing and every request."""

from __future__ import annotations

from rpa.ledger.intents import Intents
from rpa.ledger.portals import Portals
from rpa.ledger.progress import Progress
from rpa.ledger.requests import Requests
from rpa.ledger.rhythm import Rhythms
from rpa.ledger.rows import Rows
from rpa.ledger.tasks import Tasks
from rpa.ledger.views import Views
from rpa.ledger.workers import Workers


class Ledger(Intents, Tasks, Progress, Rows, Workers, Portals, Requests, Rhythms, Views):
    """Open it with :meth:`~rpa.ledger.store.Store.open`; safe to use from several processes at once."""
