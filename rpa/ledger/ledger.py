"""The ledger: the one place that knows what is true about every filing and every request."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from rpa.ledger.actions import Actions
from rpa.ledger.batches.batches import Batches
from rpa.ledger.batches.counts import BatchCounts
from rpa.ledger.batches.rows import BatchRows
from rpa.ledger.database.database import Database
from rpa.ledger.filings.filings import Filings
from rpa.ledger.filings.intents import Intents
from rpa.ledger.fleet.live_pictures import LivePictures
from rpa.ledger.fleet.portals import Portals
from rpa.ledger.fleet.workers import Workers
from rpa.ledger.requests.leases import Leases
from rpa.ledger.requests.requests import Requests
from rpa.ledger.tasks.login_reservations import LoginReservations
from rpa.ledger.tasks.pace import Pace
from rpa.ledger.tasks.plans import Plans
from rpa.ledger.tasks.ready_tasks import ReadyTasks
from rpa.ledger.tasks.tasks import Tasks
from rpa.ledger.tasks.throughput import Throughputs
from rpa.ledger.tasks.tickets import Tickets
from rpa.privacy.sealing import Seal
from rpa.settings.settings import Settings


class Ledger:
    """One database and the parts that know its tables; several processes may use it at once.

    Each part's public methods are one short transaction each; those that end in ``_within`` are a part of
    the caller's. Whoever needs one part alone takes that part, not the ledger.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.actions = Actions(database)
        self.batches = Batches(database)
        self.counts = BatchCounts(database, self.batches)
        self.rows = BatchRows(database)
        self.filings = Filings(database)
        self.intents = Intents(database)
        self.plans = Plans(database)
        self.ready_tasks = ReadyTasks(database)
        self.tickets = Tickets(database)
        self.pace = Pace(database)
        self.reservations = LoginReservations(database, self.pace)
        self.tasks = Tasks(
            database,
            filings=self.filings,
            plans=self.plans,
            pace=self.pace,
            reservations=self.reservations,
        )
        self.throughput = Throughputs(database)
        self.requests = Requests(database, self.actions)
        self.leases = Leases(database)
        self.workers = Workers(database)
        self.portals = Portals(database)
        self.live_pictures = LivePictures(database)

    @classmethod
    def open(cls, url: str, *, key: Path | None = None) -> Self:
        """Open the ledger of a database, see :meth:`Database.open`."""
        return cls(Database.open(url, key=key))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Open the ledger that the settings name, see :meth:`open`."""
        return cls.open(settings.ledger_url, key=settings.seal_key)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which kind of database it is."""
        return self.database.dialect

    @property
    def seal(self) -> Seal:
        """The seal of this ledger's rows, see :attr:`Database.seal`."""
        return self.database.seal

    def version(self) -> int | None:
        """A number that changes with whatever anybody writes, see :meth:`Database.version`."""
        return self.database.version()
