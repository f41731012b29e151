"""The durable queue: what is still to do for each row, workers, portals, sealed rows, cleared intents.

A batch's evidence folder is no longer kept: it follows from the settings and the batch's id.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what is new; a former row keeps everything, and waits for its workbook to be read again."""
    for column in (
        sa.Column("state", sa.String(16), nullable=False, server_default="ACTIVE"),
        sa.Column("until", sa.String(16), nullable=False, server_default="submit"),
        sa.Column("approve", sa.String(16), nullable=False, server_default="first"),
        sa.Column("approved_at", _MOMENT),
        sa.Column("approving", sa.Text),
        sa.Column("blocked", sa.JSON, nullable=False, server_default="[]"),
    ):
        op.add_column("batches", column)
    op.drop_column("batches", "evidence")
    op.add_column("batches", sa.Column("path", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE batches SET path = workbook")
    op.add_column("batch_filings", sa.Column("sealed", sa.Text, nullable=False, server_default=""))
    op.add_column("intents", sa.Column("missing_since", _MOMENT))
    op.add_column("requests", sa.Column("worker", sa.Text))
    op.create_table(
        "ledger_facts",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    _tasks()
    _workers_and_portals()
    op.create_table(
        "cleared_intents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("filing_id", sa.Integer, sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("missing_since", _MOMENT, nullable=False),
        sa.Column("cleared_at", _MOMENT, nullable=False),
        sa.Column("cleared_by", sa.Text, nullable=False),
    )
    op.create_index("ix_cleared_intents_filing_id", "cleared_intents", ["filing_id"])
    op.drop_table("ledger_schema")


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch_id", sa.String(32), sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("filing_id", sa.Integer, sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("portal", sa.String(64), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("work", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("silences", sa.Integer, nullable=False, server_default="0"),
        sa.Column("worker", sa.Text),
        sa.Column("begun_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("verdict", sa.String(32)),
        sa.UniqueConstraint("batch_id", "row"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_filing_id", "tasks", ["filing_id"])
    op.create_index("tasks_due", "tasks", ["batch_id", "state", "portal", "due_at", "id"])
    op.create_index("tasks_states", "tasks", ["batch_id", "state", "portal", "verdict"])
    op.create_index("tasks_ended", "tasks", ["batch_id", "ended_at"])
    queued, running = sa.text("state = 'QUEUED'"), sa.text("state = 'RUNNING'")
    op.create_index(
        "tasks_queued", "tasks", ["portal", "due_at"], sqlite_where=queued, postgresql_where=queued
    )
    op.create_index(
        "tasks_one_per_employer",
        "tasks",
        ["code"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _workers_and_portals() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("beat_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
    )
    op.create_table(
        "portals",
        sa.Column("portal", sa.String(64), primary_key=True),
        sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("unavailable", sa.Integer, nullable=False, server_default="0"),
        sa.Column("paused_at", _MOMENT),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("probe_at", _MOMENT),
        sa.Column("probes", sa.Integer, nullable=False, server_default="0"),
    )
