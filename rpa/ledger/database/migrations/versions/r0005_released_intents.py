"""Intents that were given back by a proof: nothing was submitted, or the portal returned what was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add their table."""
    op.create_table(
        "released_intents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("filing_id", sa.Integer(), sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("released_at", _MOMENT, nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON()),
    )
    op.create_index("ix_released_intents_filing_id", "released_intents", ["filing_id"])
