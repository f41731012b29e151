"""Filings of one login follow one another, and the pace is counted here.

A row entered before names no login until its workbook is read again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the logins, and the indexes that lead from one to the next."""
    for table in ("batch_filings", "tasks"):
        op.add_column(table, sa.Column("login", sa.String(64), nullable=False, server_default=""))
    op.drop_index("tasks_due", "tasks")
    op.create_index("tasks_due", "tasks", ["batch_id", "state", "portal", "login", "due_at", "id"])
    begun = sa.text("begun_at IS NOT NULL")
    op.create_index(
        "tasks_begun", "tasks", ["portal", "begun_at"], sqlite_where=begun, postgresql_where=begun
    )
    running = sa.text("state = 'RUNNING' AND login <> ''")
    op.create_index(
        "tasks_one_per_login",
        "tasks",
        ["login"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
