"""Test members are found without reading the others; the index is made while everybody works on."""

from __future__ import annotations

from plugin.store.migrations import big_tables

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column is there since 0044."""
    big_tables.add_index("members_test", "members (shop_id) WHERE test_member")


def downgrade() -> None:
    """Each is looked for among all."""
    big_tables.drop_index("members_test")
