"""Finds the emails of a mailing."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """While everybody works on."""
    add_index("messages_mailing", "messages (shop_id, subject text_pattern_ops) WHERE kind = 'mailing'")


def downgrade() -> None:
    """Without it a mailing's page looks through all mailings."""
    drop_index("messages_mailing")
