"""The ledger's tables, for SQLite and PostgreSQL alike.

A filing is unique by portal, item, year and credit code, whatever workbook it came from; its intent
is unique by filing. Those two constraints are what "at most once" rests on.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC: SQLite has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to UTC; a naive moment is a mistake of ours.

        Raises:
            ValueError: ``value`` has no time zone.
        """
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What SQLite gives back naive was UTC."""
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


metadata = MetaData()

version = Table("ledger_version", metadata, Column("version_num", String(32), primary_key=True))
"""Alembic's table: which revision the tables are at."""

facts = Table(
    "ledger_facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the whole ledger agrees on, such as the fingerprint of the key that seals its rows."""

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("workbook", Text, nullable=False, unique=True),  # what makes it the same batch
    Column("path", Text, nullable=False, server_default=""),  # the file, on the machine that entered it
    Column("workbook_sha256", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", String(16), nullable=False, server_default="ACTIVE"),
    Column("until", String(16), nullable=False, server_default="submit"),
    Column("approve", String(16), nullable=False, server_default="first"),
    Column("approved_at", Moment),
    Column("approving", Text),  # the ticket whose approval is being asked for
    Column("blocked", JSON, nullable=False, server_default="[]"),  # rows that the check refused
)

filings = Table(
    "filings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", String(64), nullable=False),
    Column("item", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("code", String(32), nullable=False),
    Column("employer", Text, nullable=False),
    UniqueConstraint("portal", "item", "year", "code"),
    Index("filings_code", "code"),
)

batch_filings = Table(
    "batch_filings",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("filing_id", ForeignKey("filings.id"), nullable=False, index=True),
    Column("row_hash", String(64), nullable=False),
    Column("sealed", Text, nullable=False, server_default=""),  # the whole row, sealed (rpa.privacy.sealing)
    Column("login", String(64), nullable=False, server_default=""),  # opaque; empty: none stored
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("filing_id", ForeignKey("filings.id"), nullable=False, index=True),
    Column("portal", String(64), nullable=False),  # with its environment, as in the filing's key
    Column("code", String(32), nullable=False),
    Column("login", String(64), nullable=False, server_default=""),  # one at a time, in one session
    Column("work", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("number", Integer, nullable=False),  # of the ticket: counts the turns
    Column("due_at", Moment, nullable=False),  # since when, where it is queued
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("silences", Integer, nullable=False, server_default="0"),
    Column("worker", Text),
    Column("begun_at", Moment),  # the last time; kept when it waits again: it counts for the pace
    Column("ended_at", Moment),
    Column("verdict", String(32)),  # of the newest outcome, so that counting needs no other table
    UniqueConstraint("batch_id", "row"),
    Index("tasks_due", "batch_id", "state", "portal", "login", "due_at", "id"),
    Index(
        "tasks_begun",
        "portal",
        "begun_at",
        # Of no use to any question but the pace's: SQLite would prefer it to the small index of the queued.
        sqlite_where=text("begun_at IS NOT NULL"),
        postgresql_where=text("begun_at IS NOT NULL"),
    ),
    Index(
        "tasks_queued",
        "portal",
        "due_at",
        sqlite_where=text("state = 'QUEUED'"),
        postgresql_where=text("state = 'QUEUED'"),
    ),
    Index("tasks_states", "batch_id", "state", "portal", "verdict"),
    Index("tasks_ended", "batch_id", "ended_at"),
    Index(
        "tasks_one_per_employer",
        "code",
        unique=True,
        sqlite_where=text("state = 'RUNNING'"),
        postgresql_where=text("state = 'RUNNING'"),
    ),
    Index(
        "tasks_one_per_login",
        "login",
        unique=True,
        sqlite_where=text("state = 'RUNNING' AND login <> ''"),
        postgresql_where=text("state = 'RUNNING' AND login <> ''"),
    ),
    sqlite_autoincrement=True,  # a ticket never names another task
)
"""What is still to do for each row of a batch: the queue's entries are made from it, lost without harm."""

workers = Table(
    "workers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

portals = Table(
    "portals",
    metadata,
    Column("portal", String(64), primary_key=True),  # with its environment, as in the filing's key
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("unavailable", Integer, nullable=False, server_default="0"),
    Column("paused_at", Moment),
    Column("why", Text, nullable=False, server_default=""),
    Column("probe_at", Moment),  # none: only a person resumes it
    Column("probes", Integer, nullable=False, server_default="0"),
)
"""How each portal's queue stands: the circuit breaker's memory."""

attempts = Table(
    "attempts",
    metadata,
    Column("filing_id", ForeignKey("filings.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("worker", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
)

intents = Table(
    "intents",
    metadata,
    Column("filing_id", ForeignKey("filings.id"), primary_key=True, autoincrement=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("missing_since", Moment),  # when the portal's list was first seen without it
)

cleared_intents = Table(
    "cleared_intents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("missing_since", Moment, nullable=False),
    Column("cleared_at", Moment, nullable=False),
    Column("cleared_by", Text, nullable=False),
)
"""Intents of which the portal's list proved, and a person declared, that nothing arrived."""

released_intents = Table(
    "released_intents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("released_at", Moment, nullable=False),
    Column("proof", Text, nullable=False),
    Column("record", JSON),  # the portal's, where it returned what was submitted
)
"""Intents that were given back on a proof that nothing was submitted, or that it was returned."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("filing_id", ForeignKey("filings.id"), primary_key=True, autoincrement=False),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("verdict", String(32), nullable=False),
    Column("explanation", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("record", JSON(none_as_null=True)),
    Column("submitted_at", Moment),
    Column("at", Moment, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id")),
    Column("filing_id", ForeignKey("filings.id")),
    Column("kind", String(32), nullable=False),
    Column("employer", Text, nullable=False),
    Column("portal", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("picture", LargeBinary),
    Column("picture_type", String(64), nullable=False),
    Column("picture_number", Integer, nullable=False),
    Column("refreshable", Boolean, nullable=False),
    Column("refresh_by", Text),
    Column("created_at", Moment, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_at", Moment),
    Column("closed_at", Moment),
    Column("worker", Text),  # who waits for the answer
    Column("first", Boolean, nullable=False, server_default=false()),  # the last answer was wrong
    Column("usable_at", Moment),  # an answer may be taken back until then
    Column("holder", Text),  # an opaque name of the page that shows it
    Column("held_by", Text),  # the person before it
    Column("held_until", Moment),
    Index("requests_open", "closed_at", "deadline"),
    sqlite_autoincrement=True,  # an id that somebody wrote down never names another request
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("batch_id", ForeignKey("batches.id"), index=True),
    Column("portal", String(64)),
)
"""What people did beside answering: started, paused, cancelled, had looked up again …"""

views = Table(
    "views",
    metadata,
    Column("task_id", ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("worker", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("frame", LargeBinary),  # sealed: a page at work shows personal data
    Column("number", Integer, nullable=False),  # counts the frames
    Column("at", Moment, nullable=False),
)
"""What open browser sessions show now, while somebody looks; rows go with their session."""
