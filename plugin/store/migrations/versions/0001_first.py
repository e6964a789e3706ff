"""The first schema: tables, and what only PostgreSQL can promise about them.

Row-level security is forced, so it binds the owner too and works with a single database role.
"""

from __future__ import annotations

from alembic import op

from plugin.store.tables import SHOP_TABLES, metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

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
SCOPES = {"inbox": ("intake", "dispatch"), "deliveries": ("intake",), "jobs": ("dispatch",)}
"""Tables that a process may see across shops, and under which `suki.scope`."""


def upgrade() -> None:
    """Create everything in the schema that the connection's search_path names first."""
    op.execute(CURRENT_SHOP)
    op.execute(IMMUTABLE)
    metadata.create_all(op.get_bind())
    for table, checks in CHECKS.items():
        for number, check in enumerate(checks):
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_check_{number} CHECK ({check})")
    for fenced in SHOP_TABLES:
        _fence(fenced.name)
    op.execute("ALTER TABLE deliveries ALTER COLUMN body SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE deliveries SET (toast_tuple_target = 8160)")
    for name in ("entries", "lot_draws", "programme_versions", "tier_events"):
        _freeze(name)


def _fence(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")
    for scope in SCOPES.get(table, ()):
        verb = "ALL" if scope == "intake" else "SELECT"
        op.execute(
            f"CREATE POLICY {scope} ON {table} FOR {verb} USING (current_setting('suki.scope', true) = '{scope}')"
        )


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
