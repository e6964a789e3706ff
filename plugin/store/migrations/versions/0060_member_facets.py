"""What the list of members is filtered by, in one narrow row a member, kept by triggers beside the rows it comes from.

Each trigger writes only the columns of its own table, so that two who change different things of one member at the same
time cannot overwrite each other. Rows of members from before come by a job in steps (`list_members`).
"""

from __future__ import annotations

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE member_facets (
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  customer_id bigint,
  state text NOT NULL DEFAULT '',
  source text NOT NULL DEFAULT '',
  tier text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT '',
  consent text NOT NULL DEFAULT '',
  points bigint NOT NULL DEFAULT 0,
  orders bigint NOT NULL DEFAULT 0,
  last_order_on date NOT NULL DEFAULT '1970-01-01',
  last_activity_at timestamptz NOT NULL DEFAULT now(),
  who text NOT NULL GENERATED ALWAYS AS (CASE WHEN state IN ('merged', 'erased') THEN 'gone'
    WHEN state = 'guest' AND source = 'invited' AND orders = 0 THEN 'invited' ELSE state END) STORED,
  PRIMARY KEY (shop_id, member_id)
);
CREATE INDEX member_facets_customer ON member_facets (shop_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX member_facets_activity ON member_facets (shop_id, last_activity_at, member_id);
CREATE INDEX member_facets_points ON member_facets (shop_id, points, member_id);
CREATE INDEX member_facets_ordered ON member_facets (shop_id, last_order_on, member_id);
CREATE INDEX member_facets_orders ON member_facets (shop_id, orders);
CREATE INDEX member_facets_who ON member_facets (shop_id, who);
CREATE INDEX member_facets_tier ON member_facets (shop_id, tier);
CREATE INDEX member_facets_source ON member_facets (shop_id, source);
CREATE INDEX member_facets_language ON member_facets (shop_id, language);
CREATE INDEX member_facets_consent ON member_facets (shop_id, consent);
ALTER TABLE member_facets ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_facets FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON member_facets USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""
LANGUAGE = """
CREATE FUNCTION suki_language(chosen text, told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(split_part(replace(CASE WHEN chosen = '' THEN told ELSE chosen END, '_', '-'), '-', 1))
"""
OF_MEMBERS = """
CREATE FUNCTION suki_list_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO member_facets (shop_id, member_id, customer_id, state, source, language, consent, points,
      last_activity_at)
    SELECT NEW.shop_id, NEW.id, NEW.customer_id, NEW.state, NEW.source, suki_language(NEW.chosen_locale, NEW.locale),
      coalesce((SELECT c.email_consent FROM customer_facts c WHERE c.shop_id = NEW.shop_id
        AND c.customer_id = NEW.customer_id), ''), NEW.balance, NEW.last_activity_at
    ON CONFLICT (shop_id, member_id) DO NOTHING;
  ELSE
    UPDATE member_facets SET state = NEW.state, source = NEW.source,
      language = suki_language(NEW.chosen_locale, NEW.locale), points = NEW.balance,
      last_activity_at = NEW.last_activity_at
    WHERE shop_id = NEW.shop_id AND member_id = NEW.id;
    IF NEW.customer_id IS DISTINCT FROM OLD.customer_id THEN
      UPDATE member_facets SET customer_id = NEW.customer_id, consent = coalesce((SELECT c.email_consent
        FROM customer_facts c WHERE c.shop_id = NEW.shop_id AND c.customer_id = NEW.customer_id), '')
      WHERE shop_id = NEW.shop_id AND member_id = NEW.id;
    END IF;
  END IF;
  RETURN NULL;
END $$
"""
CHANGED = """(OLD.state, OLD.source, OLD.chosen_locale, OLD.locale, OLD.balance, OLD.last_activity_at, OLD.customer_id)
  IS DISTINCT FROM
  (NEW.state, NEW.source, NEW.chosen_locale, NEW.locale, NEW.balance, NEW.last_activity_at, NEW.customer_id)"""
BESIDE = {
    "member_tiers": ("suki_list_tier", "tier = {new}", ("tier", "''"), "member_id = {row}.member_id", "tier"),
    "member_stats": (
        "suki_list_orders",
        "orders = {new}",
        ("orders", "0"),
        "member_id = {row}.member_id",
        "orders, last_day",
    ),
    "customer_facts": (
        "suki_list_consent",
        "consent = {new}",
        ("email_consent", "''"),
        "customer_id = {row}.customer_id",
        "email_consent",
    ),
}
"""Table: its function, what it sets, from which column (and what where its row is gone), whose row, when."""


def upgrade() -> None:
    """The table, and what keeps it."""
    op.execute("ALTER TABLE members ADD COLUMN source text NOT NULL DEFAULT ''")
    op.execute(TABLE)
    op.execute(LANGUAGE)
    op.execute(OF_MEMBERS)
    op.execute("CREATE TRIGGER listed_added AFTER INSERT ON members FOR EACH ROW EXECUTE FUNCTION suki_list_member()")
    op.execute(
        f"CREATE TRIGGER listed_changed AFTER UPDATE ON members FOR EACH ROW WHEN ({CHANGED})"
        " EXECUTE FUNCTION suki_list_member()"
    )
    for table in BESIDE:
        _keep(table)


def _keep(table: str) -> None:
    function, sets, (column, gone), whose, _ = BESIDE[table]
    day = {
        "member_stats": (
            ", last_order_on = coalesce(NEW.last_day, '1970-01-01')",
            ", last_order_on = '1970-01-01'",
        )
    }.get(table, ("", ""))
    op.execute(
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' THEN"
        f" UPDATE member_facets SET {sets.format(new=gone)}{day[1]} WHERE shop_id = OLD.shop_id"
        f" AND {whose.format(row='OLD')};"
        " ELSE"
        f" UPDATE member_facets SET {sets.format(new=f'NEW.{column}')}{day[0]} WHERE shop_id = NEW.shop_id"
        f" AND {whose.format(row='NEW')};"
        " END IF; RETURN NULL; END $$"
    )
    names = {"member_stats": ("orders", "last_day")}.get(table, (column,))
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    run = f"FOR EACH ROW {{}}EXECUTE FUNCTION {function}()"
    op.execute(f"CREATE TRIGGER listed_added AFTER INSERT OR DELETE ON {table} " + run.format(""))
    op.execute(
        f"CREATE TRIGGER listed_changed AFTER UPDATE ON {table} "
        + run.format(f"WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) ")
    )


def downgrade() -> None:
    """Members are listed as they come."""
    for table, (function, *_) in {**BESIDE, "members": ("suki_list_member",)}.items():
        op.execute(f"DROP TRIGGER listed_added ON {table}")
        op.execute(f"DROP TRIGGER listed_changed ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP TABLE member_facets")
    op.execute("DROP FUNCTION suki_language(text, text)")
    op.execute("ALTER TABLE members DROP COLUMN source")
