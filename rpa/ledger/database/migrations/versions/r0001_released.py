"""The tables as first released. Such a database says so in ``ledger_schema``, and knows no Alembic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    moment = sa.DateTime(timezone=True)
    op.create_table("ledger_schema", sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table(
        "batches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("workbook", sa.Text, nullable=False, unique=True),
        sa.Column("workbook_sha256", sa.String(64), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "filings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("portal", sa.String(64), nullable=False),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("employer", sa.Text, nullable=False),
        sa.UniqueConstraint("portal", "item", "year", "code"),
    )
    op.create_index("filings_code", "filings", ["code"])
    op.create_table(
        "batch_filings",
        sa.Column("batch_id", sa.String(32), sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("filing_id", sa.Integer, sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("row_hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_batch_filings_filing_id", "batch_filings", ["filing_id"])
    op.create_table(
        "attempts",
        sa.Column(
            "filing_id", sa.Integer, sa.ForeignKey("filings.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("begun_at", moment, nullable=False),
    )
    op.create_table(
        "intents",
        sa.Column(
            "filing_id", sa.Integer, sa.ForeignKey("filings.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column(
            "filing_id", sa.Integer, sa.ForeignKey("filings.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("record", sa.JSON),
        sa.Column("submitted_at", moment),
        sa.Column("at", moment, nullable=False),
    )
    _requests(moment)


def _requests(moment: sa.DateTime) -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch_id", sa.String(32), sa.ForeignKey("batches.id")),
        sa.Column("filing_id", sa.Integer, sa.ForeignKey("filings.id")),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("employer", sa.Text, nullable=False),
        sa.Column("portal", sa.String(64), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("picture", sa.LargeBinary),
        sa.Column("picture_type", sa.String(64), nullable=False),
        sa.Column("picture_number", sa.Integer, nullable=False),
        sa.Column("refreshable", sa.Boolean, nullable=False),
        sa.Column("refresh_by", sa.Text),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("deadline", moment, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", moment),
        sa.Column("closed_at", moment),
        sqlite_autoincrement=True,
    )
    op.create_index("requests_open", "requests", ["closed_at", "deadline"])
