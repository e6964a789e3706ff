"""Deliveries by month, so that old ones can be dropped; what came before, once, in a small table of its own.

Whether a webhook came already is a question of days (Shopify repeats for four hours), so `delivery_ids` keeps their
ids and forgets them. The body of a delivery is whole at first, stripped soon after it was processed, empty at last.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NEXT_MONTH = "(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month')::date || ' 00:00:00+00'"
FIRST_PART = "ALTER TABLE deliveries ATTACH PARTITION deliveries_first FOR VALUES FROM (MINVALUE) TO (%L)"
MAKE_MONTH = """
CREATE FUNCTION suki_make_delivery_month(day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  first date := date_trunc('month', day)::date;
  after date := (date_trunc('month', day) + interval '1 month')::date;
  name text := 'deliveries_' || to_char(first, 'YYYY_MM');
BEGIN
  IF to_regclass(format('%I', name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE deliveries INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS)', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY of_shop ON %I USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())', name);
  EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', name);
  EXECUTE format('ALTER TABLE deliveries ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    name, first || ' 00:00:00+00', after || ' 00:00:00+00');
  RETURN true;
EXCEPTION WHEN check_violation OR invalid_object_definition THEN
  RETURN false;
END $$
"""
"""Answers whether it made one. Where rows of the month came before it was made, they stay with `deliveries_other`."""
DROP_MONTH = """
CREATE FUNCTION suki_drop_delivery_month(day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  name text := 'deliveries_' || to_char(day, 'YYYY_MM');
  used boolean;
BEGIN
  IF to_regclass(format('%I', name)) IS NULL OR day > now() - interval '60 days' THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE body_state <> ''empty'')', name) INTO used;
  IF used THEN
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  ELSE
    EXECUTE format('DROP TABLE %I', name);
  END IF;
  RETURN NOT used;
END $$
"""
"""Drops a month that is over for long, unless a body is left in it; answers whether it did. The owner of the tables
looks at the rows of all shops for this, and only within this function."""


def upgrade() -> None:
    """What is there becomes the first part, up to the end of this month; four more are made."""
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute("SET LOCAL lock_timeout = '10s'")
    _remember_ids()
    op.execute("ALTER TABLE deliveries ADD COLUMN body_state text NOT NULL DEFAULT 'whole'")
    op.execute(
        "ALTER TABLE deliveries ADD CONSTRAINT deliveries_body_state"
        " CHECK (body_state IN ('whole', 'stripped', 'empty')) NOT VALID"
    )
    op.execute("ALTER TABLE deliveries VALIDATE CONSTRAINT deliveries_body_state")
    _divide()
    for function in (MAKE_MONTH, DROP_MONTH):
        op.execute(function.format(schema=schema))
    op.execute("SELECT suki_make_delivery_month((now() + months * interval '1 month')::date)"
               " FROM generate_series(1, 4) AS months")  # fmt: skip


def _remember_ids() -> None:
    op.execute(
        "CREATE TABLE delivery_ids (shop_id bigint NOT NULL, webhook_id text NOT NULL,"
        " received_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (shop_id, webhook_id))"
    )
    op.execute("CREATE INDEX delivery_ids_age ON delivery_ids (shop_id, received_at)")
    op.execute(
        "INSERT INTO delivery_ids SELECT shop_id, webhook_id, received_at FROM deliveries"
        " WHERE received_at > now() - interval '7 days'"
    )
    _fence("delivery_ids")
    _let_intake_in("delivery_ids")
    op.execute("ALTER TABLE deliveries DROP CONSTRAINT deliveries_once")


def _divide() -> None:
    op.execute("ALTER TABLE deliveries RENAME TO deliveries_first")
    op.execute("ALTER TABLE deliveries_first DROP CONSTRAINT deliveries_pkey")
    op.execute("ALTER TABLE deliveries_first ADD PRIMARY KEY (shop_id, id, received_at)")
    op.execute("DROP POLICY intake_insert ON deliveries_first")
    op.execute("DROP POLICY intake_select ON deliveries_first")
    op.execute(
        "CREATE TABLE deliveries (LIKE deliveries_first INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS,"
        " PRIMARY KEY (shop_id, id, received_at)) PARTITION BY RANGE (received_at)"
    )
    op.execute("ALTER SEQUENCE deliveries_id_seq OWNED BY deliveries.id")
    _fence("deliveries")
    _let_intake_in("deliveries")
    op.execute(f"DO $$ BEGIN EXECUTE format('{FIRST_PART}', {NEXT_MONTH}); END $$")
    op.execute("CREATE TABLE deliveries_other PARTITION OF deliveries DEFAULT")
    _fence("deliveries_other")
    op.execute("ALTER TABLE deliveries_other SET (toast_tuple_target = 8160)")
    op.execute("CREATE INDEX deliveries_kept ON deliveries (shop_id, body_state, id) WHERE body_state <> 'empty'")


def _fence(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def _let_intake_in(table: str) -> None:
    for verb, rule in (("INSERT", "WITH CHECK"), ("SELECT", "USING")):
        inside = "current_setting('suki.scope', true) = 'intake'"
        op.execute(f"CREATE POLICY intake_{verb} ON {table} FOR {verb} {rule} ({inside})")


def downgrade() -> None:
    """What was dropped does not come back."""
    raise NotImplementedError("a database with deliveries by month is not taken back: restore a backup")
