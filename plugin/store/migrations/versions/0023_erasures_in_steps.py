"""Which delivery is about whom, who was forgotten, erasures in steps, exports in parts; words of entries can go."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE delivery_subjects (shop_id bigint NOT NULL, subject bigint NOT NULL, delivery_id bigint NOT NULL,
  PRIMARY KEY (shop_id, subject, delivery_id));
CREATE TABLE known_as (shop_id bigint NOT NULL, customer_id bigint NOT NULL, subject bigint NOT NULL,
  PRIMARY KEY (shop_id, customer_id, subject));
CREATE INDEX known_as_mark ON known_as (shop_id, subject) WHERE subject < 0;
CREATE TABLE forgotten (shop_id bigint NOT NULL, subject bigint NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, subject));
CREATE TABLE erasure_orders (shop_id bigint NOT NULL, request_id bigint NOT NULL, order_id bigint NOT NULL,
  whole boolean NOT NULL DEFAULT false, PRIMARY KEY (shop_id, request_id, order_id));
CREATE TABLE export_parts (shop_id bigint NOT NULL, request_id bigint NOT NULL, number integer NOT NULL,
  section text NOT NULL, body bytea NOT NULL, PRIMARY KEY (shop_id, request_id, number));
CREATE TABLE own_keys (purpose text PRIMARY KEY, secret bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());
ALTER TABLE privacy_requests ADD COLUMN marks bigint[] NOT NULL DEFAULT '{}',
  ADD COLUMN opened_at timestamptz, ADD COLUMN opened_by text NOT NULL DEFAULT '';
"""
FENCED = ("delivery_subjects", "known_as", "forgotten", "erasure_orders", "export_parts")
KEEP_ALL_BUT_EXPLANATIONS = """
CREATE FUNCTION suki_keep_all_but_explanations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.reason <> NEW.reason AND NEW.reason = OLD.reason - 'reasons' - 'order'
      AND to_jsonb(OLD) - 'reason' = to_jsonb(NEW) - 'reason' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% rows are never changed or removed: add a new one', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
"""An entry explains itself with the titles of what was bought, and those may name somebody."""


def upgrade() -> None:
    """Create the tables, each fenced by shop; replace the guard of entries."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")
    op.execute(KEEP_ALL_BUT_EXPLANATIONS)
    _guard_entries("suki_keep_all_but_explanations")


def _guard_entries(function: str) -> None:
    op.execute("DROP TRIGGER never_changed ON entries")
    op.execute(
        f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def downgrade() -> None:
    """Who was forgotten is no longer known."""
    _guard_entries("suki_refuse_change")
    op.execute("DROP FUNCTION suki_keep_all_but_explanations()")
    for table in (*FENCED, "own_keys"):
        op.execute(f"DROP TABLE {table}")
    for column in ("marks", "opened_at", "opened_by"):
        op.execute(f"ALTER TABLE privacy_requests DROP COLUMN {column}")
