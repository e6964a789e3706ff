"""What a message was in law when it went, in which language, and when it was handed over: for caps and for the log."""

from __future__ import annotations

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None
COLUMNS = (
    ("nature", "text NOT NULL DEFAULT ''"),
    ("language", "text NOT NULL DEFAULT ''"),
    ("handed_at", "timestamptz"),
)


def upgrade() -> None:
    """Unknown of those that went before."""
    for column, kind in COLUMNS:
        op.execute(f"ALTER TABLE messages ADD COLUMN {column} {kind}")


def downgrade() -> None:
    """Nobody asks any more."""
    for column, _ in COLUMNS:
        op.execute(f"ALTER TABLE messages DROP COLUMN {column}")
