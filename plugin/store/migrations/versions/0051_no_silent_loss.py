"""What is lost names the message that told of it, and waits until its warning has an outcome."""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None
COLUMNS = (
    ("messages", "outcome_at", "timestamptz"),
    ("lots", "warned_by", "bigint"),
    ("member_tiers", "warned_by", "bigint"),
    ("member_tiers", "warned_for", "date"),
    ("member_tiers", "kept_until", "date"),
    ("entries", "message_id", "bigint"),
)


def upgrade() -> None:
    """Empty at first: what was warned of before is linked when it is looked at."""
    for table, column, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def downgrade() -> None:
    """Nobody knows any more which message was about what."""
    for table, column, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
