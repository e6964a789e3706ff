"""The first schema: tables, and what only PostgreSQL can promise about them.

Row-level security is forced, so it binds the owner too and works with a single database role.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = Path(__file__).with_suffix(".sql")
"""The tables as they were then. A test compares what all revisions make with plugin.store.tables."""
FENCED = """
deliveries entries entry_notes imports inbox jobs lot_draws lots member_names member_tiers members messages
order_views privacy_requests products programme_versions redemptions shop_tokens staff_log tier_events
""".split()
"""The tables that hold rows of one shop."""
CURRENT_SHOP = """
CREATE FUNCTION suki_shop() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('suki.shop_id', true), '')::bigint
"""
IMMUTABLE = """
CREATE FUNCTION suki_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or removed: add a new one', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
MEMBER_NAMES = """
CREATE FUNCTION suki_keep_member_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM member_names WHERE shop_id = OLD.shop_id AND member_id = OLD.id
      AND name IN (OLD.email_key, lower(trim(OLD.first_name || ' ' || OLD.last_name)), lower(trim(OLD.last_name)));
  END IF;
  INSERT INTO member_names (shop_id, name, member_id)
    SELECT NEW.shop_id, name, NEW.id FROM unnest(ARRAY[NEW.email_key,
      lower(trim(NEW.first_name || ' ' || NEW.last_name)), lower(trim(NEW.last_name))]) AS name
    WHERE name <> '' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
NAMES_CHANGED = """(OLD.email_key, OLD.first_name, OLD.last_name)
  IS DISTINCT FROM (NEW.email_key, NEW.first_name, NEW.last_name)"""
CHECKS = {
    "shops": [r"domain ~ '^[a-z0-9][a-z0-9-]*\.myshopify\.com$'", "char_length(currency) = 3"],
    "entries": ["points <> 0", "line > 0"],
    "lots": ["points > 0", "points_left BETWEEN 0 AND points"],
    "lot_draws": ["points <> 0"],
    "members": ["debt >= 0", "state IN ('member', 'guest', 'merged', 'erased')"],
    "redemptions": ["points >= 0", "state IN ('reserved', 'captured', 'released')"],
    "inbox": ["state IN ('new', 'failed')"],
    "jobs": ["state IN ('queued', 'failed')"],
    "imports": ["state IN ('checked', 'done', 'undone')"],
    "tier_events": [
        "because IN ('order', 'refund', 'time', 'rules', 'staff', 'merge')",
        "from_tier <> to_tier OR because = 'staff'",
    ],
    "messages": ["state IN ('queued', 'sending', 'sent', 'skipped', 'failed', 'unknown')"],
}
SCOPES = {
    "inbox": (("INSERT", "intake"), ("SELECT", "intake"), ("SELECT", "dispatch")),
    "deliveries": (("INSERT", "intake"), ("SELECT", "intake")),
    "jobs": (("SELECT", "dispatch"),),
}
"""Tables that a process may use across shops: what it may do, and under which `suki.scope`."""


def upgrade() -> None:
    """Create everything in the schema that the connection's search_path names first."""
    op.execute(CURRENT_SHOP)
    op.execute(IMMUTABLE)
    op.execute(TABLES.read_text(encoding="utf-8"))
    for table, checks in CHECKS.items():
        for number, check in enumerate(checks):
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_check_{number} CHECK ({check})")
    for table in FENCED:
        _fence(table)
    _keep_member_names()
    op.execute("ALTER TABLE deliveries ALTER COLUMN body SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE deliveries SET (toast_tuple_target = 8160)")
    for name in ("entries", "lot_draws", "programme_versions", "tier_events"):
        _freeze(name)


def _keep_member_names() -> None:
    op.execute(MEMBER_NAMES)
    run = "FOR EACH ROW {} EXECUTE FUNCTION suki_keep_member_names()"
    op.execute("CREATE TRIGGER names_added AFTER INSERT ON members " + run.format(""))
    when = run.format(f"WHEN ({NAMES_CHANGED})")
    op.execute(f"CREATE TRIGGER names_changed AFTER UPDATE OF email_key, first_name, last_name ON members {when}")


def _fence(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")
    for verb, scope in SCOPES.get(table, ()):
        rule = "WITH CHECK" if verb == "INSERT" else "USING"
        inside = f"current_setting('suki.scope', true) = '{scope}'"
        op.execute(f"CREATE POLICY {scope}_{verb} ON {table} FOR {verb} {rule} ({inside})")


def _freeze(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION suki_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION suki_refuse_change()"
    )


def downgrade() -> None:
    """The first schema has nothing to go back to."""
    raise NotImplementedError("drop the database instead")
