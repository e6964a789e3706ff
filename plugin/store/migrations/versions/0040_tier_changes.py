"""The changes of members' tiers are called so: events are what `events` holds, of every kind."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

INDEXES = ("pkey", "member", "at")
CHECKS = ("check_0", "check_1")


def upgrade() -> None:
    """Rename the table with what belongs to it. What a process of the version before does meanwhile is tried again."""
    op.execute("ALTER TABLE tier_events RENAME TO tier_changes")
    op.execute("ALTER SEQUENCE tier_events_id_seq RENAME TO tier_changes_id_seq")
    for name in INDEXES:
        op.execute(f"ALTER INDEX tier_events_{name} RENAME TO tier_changes_{name}")
    for name in CHECKS:
        op.execute(f"ALTER TABLE tier_changes RENAME CONSTRAINT tier_events_{name} TO tier_changes_{name}")


def downgrade() -> None:
    """The old name again."""
    op.execute("ALTER TABLE tier_changes RENAME TO tier_events")
    op.execute("ALTER SEQUENCE tier_changes_id_seq RENAME TO tier_events_id_seq")
    for name in INDEXES:
        op.execute(f"ALTER INDEX tier_changes_{name} RENAME TO tier_events_{name}")
    for name in CHECKS:
        op.execute(f"ALTER TABLE tier_events RENAME CONSTRAINT tier_changes_{name} TO tier_events_{name}")
