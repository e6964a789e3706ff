"""Finds the messages that an order caused, and those that went with another."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None
INDEXES = (
    ("messages_cause", "messages (shop_id, cause) WHERE cause <> ''"),
    ("messages_part_of", "messages (shop_id, part_of) WHERE part_of IS NOT NULL"),
)


def upgrade() -> None:
    """While everybody works on."""
    for name, on in INDEXES:
        add_index(name, on)


def downgrade() -> None:
    """Without them every confirmation looks through all messages."""
    for name, _ in INDEXES:
        drop_index(name)
