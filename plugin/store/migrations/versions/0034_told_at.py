"""From when what we hold of a person, and of a shop, is: what comes late changes nothing."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what was taken over before: the next change of each counts."""
    op.execute("ALTER TABLE members ADD COLUMN told_at timestamptz")
    op.execute("ALTER TABLE shops ADD COLUMN told_at timestamptz")


def downgrade() -> None:
    """What comes late wins again."""
    op.execute("ALTER TABLE shops DROP COLUMN told_at")
    op.execute("ALTER TABLE members DROP COLUMN told_at")
