"""An order's day is when it was placed, `processed_at`; orders judged before keep theirs until they are judged anew."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column says what it holds."""
    op.execute("ALTER TABLE order_views RENAME COLUMN created_at TO placed_at")
    op.execute("ALTER INDEX order_views_created RENAME TO order_views_placed")


def downgrade() -> None:
    """The former name."""
    op.execute("ALTER INDEX order_views_placed RENAME TO order_views_created")
    op.execute("ALTER TABLE order_views RENAME COLUMN placed_at TO created_at")
