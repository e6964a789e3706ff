"""The access log: who read or changed personal data, added to and never changed."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE access_log (
  shop_id bigint NOT NULL,
  id bigserial NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  kind text NOT NULL,
  what text NOT NULL,
  subject text NOT NULL DEFAULT '',
  how_many bigint,
  fields text[] NOT NULL DEFAULT '{}',
  search text NOT NULL DEFAULT '',
  PRIMARY KEY (shop_id, id),
  CONSTRAINT access_log_kinds CHECK (kind IN ('read', 'change')),
  CONSTRAINT access_log_search CHECK (search ~ '^[0-9a-f]{0,32}$')
);
CREATE INDEX access_log_at ON access_log (shop_id, at);
CREATE INDEX access_log_actor ON access_log (shop_id, actor, id);
ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_log FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON access_log USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""
KEEP = """
CREATE FUNCTION suki_keep_access_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND (OLD.at < now() - interval '365 days'
      OR EXISTS (SELECT FROM shops WHERE id = OLD.shop_id AND state <> 'installed')) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'access_log rows are never changed or removed before a year is over'
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
"""A year by the database's own clock; and the rows of a shop that left the app go with its other data."""


def upgrade() -> None:
    """Make the table, fenced by shop, and refuse changes of the past."""
    op.execute(TABLE)
    op.execute(KEEP)
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON access_log"
        " FOR EACH ROW EXECUTE FUNCTION suki_keep_access_log()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON access_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION suki_refuse_change()"
    )


def downgrade() -> None:
    """Nobody writes down who reads."""
    op.execute("DROP TABLE access_log")
    op.execute("DROP FUNCTION suki_keep_access_log()")
