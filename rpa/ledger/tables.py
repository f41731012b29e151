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
)
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 1
"""Raised with every change of the tables; another version in a database is refused."""


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

schema = Table("ledger_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("workbook", Text, nullable=False, unique=True),
    Column("workbook_sha256", String(64), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
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
)

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
)

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
    Index("requests_open", "closed_at", "deadline"),
    sqlite_autoincrement=True,  # an id that somebody wrote down never names another request
)
