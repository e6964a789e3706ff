"""Which order caused a message, and which message it went with as a part."""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Unknown of those that were written before."""
    op.execute("ALTER TABLE messages ADD COLUMN cause text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE messages ADD COLUMN part_of bigint")


def downgrade() -> None:
    """Each goes alone."""
    op.execute("ALTER TABLE messages DROP COLUMN part_of")
    op.execute("ALTER TABLE messages DROP COLUMN cause")
