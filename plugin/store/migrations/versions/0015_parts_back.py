"""What of a redemption's points came back for a part of its order; and the list of redemptions, newest first."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing came back in part so far."""
    op.execute("ALTER TABLE redemptions ADD COLUMN back_points bigint NOT NULL DEFAULT 0")
    op.execute("CREATE INDEX redemptions_newest ON redemptions (shop_id, id)")


def downgrade() -> None:
    """What came back in part would be forgotten."""
    raise NotImplementedError("what came back in part would be forgotten")
