"""Finds a shop's entries of some days."""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """While everybody works on."""
    add_index("entries_effective", "entries (shop_id, effective_at)")


def downgrade() -> None:
    """Without it every look at Home reads all entries."""
    drop_index("entries_effective")
