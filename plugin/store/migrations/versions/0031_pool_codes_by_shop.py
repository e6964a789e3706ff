"""Codes of a pool are found by shop, one after the other, when secrets are encrypted anew."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody waits for it."""
    add_index("pool_codes_shop", "pool_codes (shop_id, id)")


def downgrade() -> None:
    """Without it."""
    drop_index("pool_codes_shop")
