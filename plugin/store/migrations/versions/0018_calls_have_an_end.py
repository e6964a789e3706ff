"""When a call for codes was answered, and how often it was made again: one that Shopify never finishes has an end."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Calls that are under way count as answered now."""
    op.execute("ALTER TABLE code_calls ADD COLUMN sent_at timestamptz NOT NULL DEFAULT now()")
    op.execute("ALTER TABLE code_calls ADD COLUMN made_again integer NOT NULL DEFAULT 0")


def downgrade() -> None:
    """Calls are asked about without an end again."""
    op.execute("ALTER TABLE code_calls DROP COLUMN made_again")
    op.execute("ALTER TABLE code_calls DROP COLUMN sent_at")
