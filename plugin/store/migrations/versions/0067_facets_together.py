"""One index for any combination of what the list of members is filtered by, in place of one for each.

What a filter leaves out in between is skipped by the index itself; so a rare combination of common things reads little,
and an order writes five indexes less.
"""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None
SINGLE = ("orders", "who", "tier", "source", "consent")
TOGETHER = "member_facets (shop_id, who, tier, source, language, consent, orders, last_order_on, points)"


def upgrade() -> None:
    """First the new one, while everybody works on."""
    add_index("member_facets_together", TOGETHER)
    for name in SINGLE:
        drop_index(f"member_facets_{name}")


def downgrade() -> None:
    """Each by itself."""
    for name in SINGLE:
        add_index(f"member_facets_{name}", f"member_facets (shop_id, {name})")
    drop_index("member_facets_together")
