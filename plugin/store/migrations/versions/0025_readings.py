"""By which reading of payloads each order was last judged, and when the shop said that one was deleted."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Orders so far were judged by the first reading. Neither column rewrites the table."""
    op.execute("ALTER TABLE order_views ADD COLUMN reading smallint NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE order_views ADD COLUMN deleted_at timestamptz")


def downgrade() -> None:
    """Which reading it was is forgotten."""
    op.execute("ALTER TABLE order_views DROP COLUMN deleted_at")
    op.execute("ALTER TABLE order_views DROP COLUMN reading")
