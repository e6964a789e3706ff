"""Tiers that staff set for many members at once can be undone."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE tier_batches (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  key text NOT NULL,
  tier text NOT NULL,
  until date,
  note text NOT NULL DEFAULT '',
  actor text NOT NULL DEFAULT '',
  before jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  undone_at timestamptz,
  CONSTRAINT tier_batches_once UNIQUE (shop_id, key)
)
"""


def upgrade() -> None:
    """Add the table, fenced."""
    op.execute(TABLE)
    op.execute("ALTER TABLE tier_batches ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tier_batches FORCE ROW LEVEL SECURITY")
    inside = "(shop_id = suki_shop())"
    op.execute(f"CREATE POLICY of_shop ON tier_batches USING {inside} WITH CHECK {inside}")


def downgrade() -> None:
    """What was set stays; it can only be undone one by one then."""
    op.execute("DROP TABLE tier_batches")
