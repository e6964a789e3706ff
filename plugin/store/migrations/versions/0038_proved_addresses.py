"""Whether a member's address was proved to be theirs; of those who are there already it is taken as proved."""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column comes without reading a row: what guests left was joined to these members long ago."""
    op.execute("ALTER TABLE members ADD COLUMN verified boolean NOT NULL DEFAULT true")
    op.execute("ALTER TABLE members ALTER COLUMN verified SET DEFAULT false")


def downgrade() -> None:
    """An address counts again for whoever says it is theirs."""
    op.execute("ALTER TABLE members DROP COLUMN verified")
