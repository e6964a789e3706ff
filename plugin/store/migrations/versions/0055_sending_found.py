"""Finds messages by their kind and language, and promotional ones by when they went."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None
INDEXES = (
    ("messages_kind", "messages (shop_id, kind, id)"),
    ("messages_language", "messages (shop_id, language, id) WHERE language <> ''"),
    ("messages_promotional", "messages (shop_id, member_id, handed_at) WHERE nature = 'promotional'"),
    ("messages_promotional_at", "messages (shop_id, handed_at) WHERE nature = 'promotional'"),
)


def upgrade() -> None:
    """While everybody works on."""
    for name, on in INDEXES:
        add_index(name, on)


def downgrade() -> None:
    """Without them the log is slow in a big shop."""
    for name, _ in INDEXES:
        drop_index(name)
