"""What a console needs: who has a request before them, what people did, what sessions show.

A request that was asked before is of no kind that comes first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    op.add_column("requests", sa.Column("first", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("requests", sa.Column("usable_at", _MOMENT))
    op.add_column("requests", sa.Column("holder", sa.Text()))
    op.add_column("requests", sa.Column("held_by", sa.Text()))
    op.add_column("requests", sa.Column("held_until", _MOMENT))
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.String(32), sa.ForeignKey("batches.id"), index=True),
        sa.Column("portal", sa.String(64)),
    )
    op.create_table(
        "views",
        sa.Column(
            "task_id",
            sa.Integer(),
            sa.ForeignKey("tasks.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("frame", sa.LargeBinary()),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
