"""Orders are found by their name; what the list of members was sorted by stands in `member_facets` now.

Made while everybody works on. Without the two indexes an order no longer has every index of `members` written anew.
"""

from __future__ import annotations

from plugin.store.migrations.big_tables import add_index, drop_index

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None
BEFORE = {
    "members_activity": "members (shop_id, last_activity_at, id)",
    "members_points": "members (shop_id, balance, id)",
}


def upgrade() -> None:
    """One index more, two less."""
    add_index("order_views_name", "order_views (shop_id, name)")
    for name in BEFORE:
        drop_index(name)


def downgrade() -> None:
    """The list is sorted by the members themselves."""
    for name, on in BEFORE.items():
        add_index(name, on)
    drop_index("order_views_name")
