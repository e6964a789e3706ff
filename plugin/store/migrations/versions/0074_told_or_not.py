"""Staff choose whether a file's members, and those put into a tier together, are told by email."""

from __future__ import annotations

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was told of a file so far, and everybody of a tier."""
    op.execute("ALTER TABLE imports ADD COLUMN tell boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE tier_batches ADD COLUMN tell boolean NOT NULL DEFAULT true")


def downgrade() -> None:
    """Without the choice."""
    op.execute("ALTER TABLE imports DROP COLUMN tell")
    op.execute("ALTER TABLE tier_batches DROP COLUMN tell")
