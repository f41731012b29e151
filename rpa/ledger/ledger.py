"""The ledger: the one place that knows what is true about every filing and every request."""

from __future__ import annotations

from rpa.ledger.batches.progress import Progress
from rpa.ledger.batches.rows import Rows
from rpa.ledger.filings.intents import Intents
from rpa.ledger.fleet.portals import Portals
from rpa.ledger.fleet.views import Views
from rpa.ledger.fleet.workers import Workers
from rpa.ledger.requests.requests import Requests
from rpa.ledger.tasks.tasks import Tasks
from rpa.ledger.tasks.throughput import Rhythms


class Ledger(Intents, Tasks, Progress, Rows, Workers, Portals, Requests, Rhythms, Views):
    """Open it with :meth:`~rpa.ledger.database.store.Store.open`; several processes may use it at once."""
