"""Members say whether they want the programme's emails."""

from __future__ import annotations

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody gets them as before."""
    op.execute("ALTER TABLE members ADD COLUMN no_emails boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    """Everybody gets them."""
    op.execute("ALTER TABLE members DROP COLUMN no_emails")
