"""Up to which event everything was written in another cluster, for readers that never read in this one."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A constant default: no row is read."""
    op.execute("ALTER TABLE own_cluster ADD COLUMN restored_id bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    """Nobody asks."""
    op.execute("ALTER TABLE own_cluster DROP COLUMN restored_id")
