"""A message may have come back; read while everybody works on."""

from __future__ import annotations

from alembic import op

from plugin.store.migrations import big_tables

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
STATES = "'queued', 'sending', 'sent', 'skipped', 'failed', 'unknown'"


def upgrade() -> None:
    """One state more."""
    op.execute("ALTER TABLE messages DROP CONSTRAINT IF EXISTS messages_check_0")
    big_tables.add_constraint("messages", "messages_states", f"CHECK (state IN ({STATES}, 'bounced'))")


def downgrade() -> None:
    """What came back was sent."""
    op.execute("ALTER TABLE messages DROP CONSTRAINT IF EXISTS messages_states")
    op.execute("UPDATE messages SET state = 'sent' WHERE state = 'bounced'")
    big_tables.add_constraint("messages", "messages_check_0", f"CHECK (state IN ({STATES}))")
