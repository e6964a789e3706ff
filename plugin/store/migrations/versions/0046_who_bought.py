"""Members are listed by how often they ordered, without reading the others; made while everybody works on."""

from __future__ import annotations

from plugin.store.migrations import big_tables

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None
WHERE = {"never": "orders = 0", "once": "orders = 1", "again": "orders >= 2"}


def upgrade() -> None:
    """One small index for each filter."""
    for name, rule in WHERE.items():
        big_tables.add_index(f"member_stats_{name}", f"member_stats (shop_id, member_id) WHERE {rule}")


def downgrade() -> None:
    """Each list reads everybody."""
    for name in WHERE:
        big_tables.drop_index(f"member_stats_{name}")
