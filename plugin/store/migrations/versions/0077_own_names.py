"""A shop's own names of points, rewards, tiers and the rest in other languages: a row a language."""

from __future__ import annotations

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE own_names (
  shop_id bigint NOT NULL,
  language text COLLATE "C" NOT NULL,
  names jsonb NOT NULL DEFAULT '[]',
  before jsonb NOT NULL DEFAULT '[]',
  revision bigint NOT NULL DEFAULT 0,
  author text NOT NULL DEFAULT '',
  saved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, language)
)
"""


def upgrade() -> None:
    """One table, fenced."""
    op.execute(TABLE)
    op.execute("ALTER TABLE own_names ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE own_names FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY of_shop ON own_names USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """Without translations."""
    op.execute("DROP TABLE own_names")
