"""Orders that would be worth something else if they were read as payloads are read now: staff decide."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of one row an order, of one shop at a time like all others."""
    op.execute(
        "CREATE TABLE reading_differences (shop_id bigint NOT NULL, order_id bigint NOT NULL, member_id bigint,"
        " points bigint NOT NULL DEFAULT 0, counted_minor bigint NOT NULL DEFAULT 0,"
        " explanation jsonb NOT NULL DEFAULT '[]', state text NOT NULL DEFAULT 'open', found_at timestamptz NOT NULL,"
        " decided_at timestamptz, decided_by text NOT NULL DEFAULT '', PRIMARY KEY (shop_id, order_id))"
    )
    op.execute("CREATE INDEX reading_differences_member ON reading_differences (shop_id, member_id)")
    op.execute("ALTER TABLE reading_differences ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE reading_differences FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY of_shop ON reading_differences USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())"
    )


def downgrade() -> None:
    """Nobody is asked."""
    op.execute("DROP TABLE reading_differences")
