"""What a shop's products and collections are called, and their pictures: pages name them instead of numbers."""

from __future__ import annotations

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE known_goods (
  shop_id bigint NOT NULL,
  kind text NOT NULL,
  number bigint NOT NULL,
  title text NOT NULL DEFAULT '',
  picture text NOT NULL DEFAULT '',
  gone boolean NOT NULL DEFAULT false,
  fetched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, kind, number)
);
ALTER TABLE known_goods ENABLE ROW LEVEL SECURITY;
ALTER TABLE known_goods FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON known_goods USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Create it, fenced by shop."""
    op.execute(TABLE)


def downgrade() -> None:
    """Pages say numbers again."""
    op.execute("DROP TABLE known_goods")
