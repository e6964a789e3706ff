"""Mailings: an email of the shop's own to members that it chose, once and at a time."""

from __future__ import annotations

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE mailings (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  subject text NOT NULL DEFAULT '',
  title text NOT NULL DEFAULT '',
  body text NOT NULL DEFAULT '',
  code text NOT NULL DEFAULT '',
  bought text NOT NULL DEFAULT '',
  most bigint NOT NULL DEFAULT 0,
  written bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'planned',
  made_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  send_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT mailings_states CHECK (state IN ('planned', 'written', 'canceled'))
);
CREATE INDEX mailings_of_shop ON mailings (shop_id, id);
ALTER TABLE mailings ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailings FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON mailings USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Create it, fenced by shop."""
    op.execute(TABLE)


def downgrade() -> None:
    """Nobody can plan one any more."""
    op.execute("DROP TABLE mailings")
