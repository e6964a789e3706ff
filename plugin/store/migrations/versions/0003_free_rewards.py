"""A reward can be given for nothing: no points no longer means a code for the next order."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The two partial indexes tell them apart by the reward's name."""
    op.execute("DROP INDEX redemptions_open")
    op.execute("DROP INDEX redemptions_order")
    op.execute(
        "CREATE INDEX redemptions_open ON redemptions (shop_id, expires_at)"
        " WHERE reward <> 'next_order_code' AND state = 'reserved'"
    )
    op.execute(
        "CREATE INDEX redemptions_order ON redemptions (shop_id, captured_by_order) WHERE reward <> 'next_order_code'"
    )


def downgrade() -> None:
    """What was given since would be lost."""
    raise NotImplementedError("restore a backup instead")
