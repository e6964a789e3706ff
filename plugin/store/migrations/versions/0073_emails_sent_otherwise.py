"""Emails that were sent, and not as the shop wanted, are found without looking at all of them."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None
NAME = "messages_noted"


def upgrade() -> None:
    """One index."""
    add_index(NAME, "messages (shop_id, sent_at) WHERE state = 'sent' AND last_error <> ''")


def downgrade() -> None:
    """Without it."""
    drop_index(NAME)
