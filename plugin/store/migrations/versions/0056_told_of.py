"""What an email of a loss tells of is found by its number; made while everybody works on."""

from __future__ import annotations

from plugin.store.migrations import big_tables

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only entries that name a message are in it."""
    big_tables.add_index("entries_told", "entries (shop_id, message_id) WHERE message_id IS NOT NULL")


def downgrade() -> None:
    """Emails of losses read all entries."""
    big_tables.drop_index("entries_told")
