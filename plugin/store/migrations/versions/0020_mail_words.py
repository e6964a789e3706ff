"""Which mails still hold words, by age: those of long ago are emptied."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of the mails whose subject or error was not emptied yet."""
    add_index("messages_words", "messages (shop_id, created_at) WHERE mail_subject <> '' OR last_error <> ''")


def downgrade() -> None:
    """Mails are found by age no more."""
    drop_index("messages_words")
