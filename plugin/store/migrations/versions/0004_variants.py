"""Which variants are on sale."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE variants (
  shop_id bigint NOT NULL,
  variant_id bigint NOT NULL,
  on_sale boolean NOT NULL,
  fetched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, variant_id)
)
"""
FENCE = """
ALTER TABLE variants ENABLE ROW LEVEL SECURITY;
ALTER TABLE variants FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON variants USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())
"""


def upgrade() -> None:
    """Add the table."""
    op.execute(TABLE)
    for statement in FENCE.split(";"):
        op.execute(statement)


def downgrade() -> None:
    """Remove it; what it held is fetched again."""
    op.execute("DROP TABLE variants")
