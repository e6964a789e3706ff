"""Saved views of the list of members, and acts on many of them: what, for whom, how far, what each had before."""

from __future__ import annotations

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE member_views (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  asked jsonb NOT NULL DEFAULT '{}',
  made_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT member_views_once UNIQUE (shop_id, name_key)
);
CREATE TABLE bulk_acts (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  key text NOT NULL,
  act text NOT NULL,
  terms jsonb NOT NULL DEFAULT '{}',
  wanted jsonb NOT NULL DEFAULT '{}',
  member_ids bigint[],
  note text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'running',
  expected bigint NOT NULL DEFAULT 0,
  done bigint NOT NULL DEFAULT 0,
  left_out bigint NOT NULL DEFAULT 0,
  undone bigint NOT NULL DEFAULT 0,
  reached bigint NOT NULL DEFAULT 0,
  actor text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  undone_at timestamptz,
  CONSTRAINT bulk_acts_once UNIQUE (shop_id, key),
  CONSTRAINT bulk_acts_states CHECK (state IN ('running', 'stopped', 'done', 'undoing', 'undone'))
);
CREATE TABLE bulk_act_members (
  shop_id bigint NOT NULL,
  act_id bigint NOT NULL,
  member_id bigint NOT NULL,
  why text NOT NULL DEFAULT '',
  before jsonb,
  PRIMARY KEY (shop_id, act_id, member_id)
);
CREATE INDEX bulk_act_members_member ON bulk_act_members (shop_id, member_id);
"""
NAMES = ("member_views", "bulk_acts", "bulk_act_members")


def upgrade() -> None:
    """Create them, fenced by shop."""
    op.execute(TABLES)
    for name in NAMES:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {name} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """Members are acted on one at a time."""
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
