"""What orders were when their webhooks were emptied: where a replay begins."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of one row an order, of one shop at a time like all others."""
    op.execute(
        "CREATE TABLE order_checkpoints (shop_id bigint NOT NULL, order_id bigint NOT NULL, kept bytea NOT NULL,"
        " taken_at timestamptz NOT NULL, PRIMARY KEY (shop_id, order_id))"
    )
    op.execute("ALTER TABLE order_checkpoints ALTER COLUMN kept SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE order_checkpoints ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE order_checkpoints FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY of_shop ON order_checkpoints USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())"
    )


def downgrade() -> None:
    """Replays begin at the first webhook that is left."""
    op.execute("DROP TABLE order_checkpoints")
