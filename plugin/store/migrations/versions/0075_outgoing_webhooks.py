"""Outgoing webhooks: endpoints, and each event on its way to one."""

from __future__ import annotations

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE endpoints (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  name text NOT NULL DEFAULT '',
  url text NOT NULL DEFAULT '',
  kinds text[] NOT NULL DEFAULT '{}',
  conditions jsonb NOT NULL DEFAULT '[]',
  personal boolean NOT NULL DEFAULT false,
  at_once smallint NOT NULL DEFAULT 4,
  state text NOT NULL DEFAULT 'on',
  off_because text NOT NULL DEFAULT '',
  secret bytea,
  former_secret bytea,
  former_until timestamptz,
  failures bigint NOT NULL DEFAULT 0,
  failing_since timestamptz,
  not_before timestamptz,
  made_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT endpoints_states CHECK (state IN ('on', 'off')),
  CONSTRAINT endpoints_at_once CHECK (at_once BETWEEN 1 AND 128)
);
CREATE INDEX endpoints_shop ON endpoints (shop_id, id);
CREATE TABLE outgoing_webhooks (
  shop_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  event_id bigint NOT NULL,
  kind text NOT NULL,
  member_id bigint,
  happened_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting',
  tries smallint NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  log jsonb NOT NULL DEFAULT '[]',
  seconds double precision,
  ended_at timestamptz,
  PRIMARY KEY (shop_id, endpoint_id, event_id),
  CONSTRAINT outgoing_webhooks_states CHECK (state IN ('waiting', 'sent', 'failed'))
);
CREATE INDEX outgoing_waiting ON outgoing_webhooks (shop_id, endpoint_id, next_at, event_id)
  WHERE state = 'waiting';
CREATE INDEX outgoing_in_order ON outgoing_webhooks (shop_id, endpoint_id, member_id, event_id)
  WHERE state = 'waiting' AND member_id IS NOT NULL;
CREATE INDEX outgoing_of_member ON outgoing_webhooks (shop_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX outgoing_ended ON outgoing_webhooks (shop_id, ended_at) WHERE ended_at IS NOT NULL;
"""
FENCED = ("endpoints", "outgoing_webhooks")


def upgrade() -> None:
    """Create them, fenced by shop."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """Nobody is told any more."""
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
