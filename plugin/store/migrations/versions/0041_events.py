"""Events, in parts by month from their birth, and how far each reader of them is; deliveries share the mechanism."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE events (
  shop_id bigint NOT NULL,
  id bigserial NOT NULL,
  kind text NOT NULL,
  member_id bigint,
  subject text NOT NULL DEFAULT '',
  payload jsonb NOT NULL DEFAULT '{}',
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  happened_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, xid, id, happened_at)
) PARTITION BY RANGE (happened_at);
CREATE INDEX events_of_member ON events (shop_id, member_id, id) WHERE member_id IS NOT NULL;
CREATE TABLE events_other PARTITION OF events DEFAULT;
CREATE TABLE event_readers (
  shop_id bigint NOT NULL,
  name text NOT NULL,
  from_xid xid8 NOT NULL DEFAULT '0',
  until_xid xid8,
  after_id bigint NOT NULL DEFAULT 0,
  above_id bigint NOT NULL DEFAULT 0,
  off_at timestamptz,
  PRIMARY KEY (shop_id, name)
);
CREATE POLICY dispatch_SELECT ON event_readers FOR SELECT
  USING (off_at IS NOT NULL AND current_setting('suki.scope', true) = 'dispatch');
CREATE TABLE own_cluster (system_identifier text NOT NULL PRIMARY KEY);
"""
FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""
MAKE_MONTH = """
CREATE FUNCTION suki_make_month(parent text, day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  first date := date_trunc('month', day)::date;
  after date := (date_trunc('month', day) + interval '1 month')::date;
  name text := parent || '_' || to_char(first, 'YYYY_MM');
BEGIN
  IF parent NOT IN ('deliveries', 'events') THEN
    RAISE EXCEPTION '% does not lie in months', parent;
  END IF;
  IF to_regclass(format('%I', name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS)', name, parent);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY of_shop ON %I USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())', name);
  IF parent = 'deliveries' THEN
    EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', name);
  END IF;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    parent, name, first || ' 00:00:00+00', after || ' 00:00:00+00');
  RETURN true;
EXCEPTION WHEN check_violation OR invalid_object_definition THEN
  RETURN false;
END $$
"""
"""Answers whether it made one. Where rows of the month came before it was made, they stay with the part for others."""
DROP_MONTH = """
CREATE FUNCTION suki_drop_month(parent text, day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  name text := parent || '_' || to_char(day, 'YYYY_MM');
  used boolean := false;
BEGIN
  IF parent NOT IN ('deliveries', 'events') OR to_regclass(format('%I', name)) IS NULL
      OR day > now() - interval '60 days' THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
  IF parent = 'deliveries' THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE body_state <> ''empty'')', name) INTO used;
  ELSE
    ALTER TABLE event_readers NO FORCE ROW LEVEL SECURITY;
    EXECUTE format('UPDATE event_readers r SET off_at = now() WHERE off_at IS NULL AND EXISTS (SELECT FROM %I e'
      ' WHERE e.shop_id = r.shop_id AND CASE WHEN e.id <= r.above_id THEN e.id > r.after_id'
      ' ELSE e.xid >= r.from_xid END)', name);
    ALTER TABLE event_readers FORCE ROW LEVEL SECURITY;
  END IF;
  IF used THEN
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  ELSE
    EXECUTE format('DROP TABLE %I', name);
  END IF;
  RETURN NOT used;
END $$
"""
"""Drops a month that is over for long; answers whether it did. One of deliveries in which a body is left stays; of one
of events, whoever has not read it is switched off. The owner of the tables looks at the rows of all shops for this, and
only within this function."""


def upgrade() -> None:
    """Make the tables, the functions for both that lie in months, and the months of the events."""
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute(TABLES)
    for table in ("events", "events_other", "event_readers"):
        op.execute(FENCE.format(table=table))
    for function in (MAKE_MONTH, DROP_MONTH):
        op.execute(function.format(schema=schema))
    for name in ("make", "drop"):
        op.execute(f"DROP FUNCTION suki_{name}_delivery_month(date)")
    op.execute("SELECT suki_make_month('events', (now() + months * interval '1 month')::date)"
               " FROM generate_series(0, 4) AS months")  # fmt: skip


def downgrade() -> None:
    """What was dropped does not come back."""
    raise NotImplementedError("a database with events is not taken back: restore a backup")
