"""What rules of the programme give by themselves."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE gifts (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  rule text NOT NULL,
  occasion text NOT NULL,
  at timestamptz NOT NULL,
  day date NOT NULL,
  state text NOT NULL DEFAULT 'given' CHECK (state IN ('given', 'back')),
  round smallint NOT NULL DEFAULT 1,
  points bigint NOT NULL DEFAULT 0 CHECK (points >= 0),
  forgiven bigint NOT NULL DEFAULT 0,
  terms jsonb NOT NULL DEFAULT '{}',
  why jsonb NOT NULL DEFAULT '[]',
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT gifts_once UNIQUE (shop_id, rule, member_id, occasion)
)
"""


def upgrade() -> None:
    """Add the table, fenced like every other of a shop, and find changes of tiers by their time."""
    op.execute(TABLE)
    op.execute("CREATE INDEX gifts_member ON gifts (shop_id, member_id)")
    op.execute("CREATE INDEX gifts_day ON gifts (shop_id, rule, day)")
    op.execute("ALTER TABLE gifts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE gifts FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY of_shop ON gifts USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")
    op.execute("CREATE INDEX tier_events_at ON tier_events (shop_id, at)")


def downgrade() -> None:
    """What was given once would be given again."""
    raise NotImplementedError("restore a backup instead")
