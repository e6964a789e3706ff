"""Accounts of staff with their roles; whoever has done something here already is a manager."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE staff (
  shop_id bigint NOT NULL,
  account text NOT NULL,
  role text NOT NULL DEFAULT 'viewer',
  name text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  ask_at timestamptz,
  seen_at timestamptz NOT NULL DEFAULT now(),
  added_at timestamptz NOT NULL DEFAULT now(),
  corrected_on date,
  corrected_points bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (shop_id, account),
  CONSTRAINT staff_roles CHECK (role IN ('viewer', 'manager', 'owner'))
);
ALTER TABLE staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON staff USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""
KNOWN = """
DO $$
DECLARE one bigint;
BEGIN
  FOR one IN SELECT id FROM shops ORDER BY id LOOP
    PERFORM set_config('suki.shop_id', one::text, true);
    INSERT INTO staff (shop_id, account, role, ask_at, seen_at)
      SELECT one, substr(actor, 7), 'manager', now(), max(at) FROM (
        SELECT actor, at FROM staff_log WHERE shop_id = one
        UNION ALL SELECT author, created_at FROM programme_versions WHERE shop_id = one
        UNION ALL SELECT actor, created_at FROM imports WHERE shop_id = one
        UNION ALL SELECT made_by, created_at FROM api_keys WHERE shop_id = one
      ) AS done WHERE actor ~ '^staff:[0-9]{1,20}$' GROUP BY actor;
  END LOOP;
  PERFORM set_config('suki.shop_id', '', true);
END $$
"""
"""Nothing was kept of who only looked. `ask_at`: Shopify is asked at their next visit whether they own the shop."""


def upgrade() -> None:
    """Make the table, fenced by shop, and take over whom we know."""
    op.execute(TABLE)
    op.execute(KNOWN)


def downgrade() -> None:
    """All staff may do everything again."""
    op.execute("DROP TABLE staff")
