"""What an order would deserve without the limits of a period."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE order_views ADD COLUMN before_limits bigint")


def downgrade() -> None:
    """Remove it."""
    op.execute("ALTER TABLE order_views DROP COLUMN before_limits")
