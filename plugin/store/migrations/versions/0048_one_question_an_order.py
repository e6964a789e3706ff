"""About one order is asked once; made while everybody works on."""

from __future__ import annotations

from plugin.store.migrations import big_tables

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A key that the database enforces."""
    big_tables.add_index(
        "survey_answers_order", "survey_answers (shop_id, order_id) WHERE order_id IS NOT NULL", unique=True
    )


def downgrade() -> None:
    """It may be asked twice."""
    big_tables.drop_index("survey_answers_order")
