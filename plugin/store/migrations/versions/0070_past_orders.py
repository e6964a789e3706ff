"""Runs over past orders: read, foreseen, counted, undone."""

from __future__ import annotations

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE past_runs (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'reading',
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  version bigint,
  confirmed boolean NOT NULL DEFAULT false,
  actor text NOT NULL DEFAULT '',
  bulk_id text NOT NULL DEFAULT '',
  place jsonb NOT NULL DEFAULT '{}',
  totals jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  done_at timestamptz,
  undone_at timestamptz,
  CONSTRAINT past_runs_states CHECK (state IN
    ('reading', 'foreseeing', 'ready', 'counting', 'done', 'undoing', 'undone', 'canceled'))
);
CREATE INDEX past_runs_shop ON past_runs (shop_id, id);
CREATE TABLE past_run_orders (
  shop_id bigint NOT NULL,
  run_id bigint NOT NULL,
  order_id bigint NOT NULL,
  placed_at timestamptz NOT NULL,
  unread boolean NOT NULL DEFAULT false,
  member_id bigint,
  points bigint NOT NULL DEFAULT 0,
  counted_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (shop_id, run_id, order_id)
);
CREATE INDEX past_run_orders_placed ON past_run_orders (shop_id, run_id, placed_at, order_id);
CREATE INDEX past_run_orders_member ON past_run_orders (shop_id, member_id) WHERE member_id IS NOT NULL;
"""
FENCED = ("past_runs", "past_run_orders")


def upgrade() -> None:
    """Create them, fenced by shop."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """What was counted stays; it can no longer be undone as a whole."""
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
