"""Checkouts that members began and left, of shops that remind them."""

from __future__ import annotations

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE checkouts_left (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  token_hash text NOT NULL DEFAULT '',
  cart_hash text NOT NULL DEFAULT '',
  member_id bigint,
  kept jsonb NOT NULL DEFAULT '{}',
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  ended_at timestamptz,
  looked_at timestamptz,
  CONSTRAINT checkouts_left_once UNIQUE (shop_id, token_hash)
);
CREATE INDEX checkouts_left_carts ON checkouts_left (shop_id, cart_hash) WHERE cart_hash <> '';
CREATE INDEX checkouts_left_member ON checkouts_left (shop_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX checkouts_left_due ON checkouts_left (shop_id, updated_at) WHERE ended_at IS NULL AND looked_at IS NULL;
CREATE INDEX checkouts_left_old ON checkouts_left (shop_id, updated_at);
ALTER TABLE checkouts_left ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkouts_left FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON checkouts_left USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Create it, fenced by shop."""
    op.execute(TABLE)


def downgrade() -> None:
    """Nobody is reminded any more."""
    op.execute("DROP TABLE checkouts_left")
