"""Money moved to and from store credit."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE credits (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    line INTEGER NOT NULL CHECK (line > 0),
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    state TEXT DEFAULT 'wanted' NOT NULL CHECK (state IN ('wanted', 'sending', 'sent', 'refused')),
    moved_minor BIGINT CHECK (abs(moved_minor) <= abs(amount_minor) AND sign(moved_minor) IN (0, sign(amount_minor))),
    after_transaction TEXT DEFAULT '' NOT NULL,
    after_at TIMESTAMP WITH TIME ZONE,
    began_at TIMESTAMP WITH TIME ZONE,
    shopify_id TEXT DEFAULT '' NOT NULL,
    found BOOLEAN DEFAULT false NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    notify BOOLEAN DEFAULT false NOT NULL,
    reason JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT credits_once UNIQUE (shop_id, subject, line),
    CONSTRAINT credits_moved CHECK (state = 'wanted' OR moved_minor IS NOT NULL)
)
"""
INDEXES = (
    "CREATE INDEX credits_member ON credits (shop_id, member_id, id)",
    "CREATE UNIQUE INDEX credits_transaction ON credits (shop_id, shopify_id) WHERE shopify_id <> ''",
)
KEEP = """
CREATE FUNCTION suki_keep_credits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.shop_id, OLD.subject, OLD.line, OLD.amount_minor, OLD.currency, OLD.created_at)
      IS NOT DISTINCT FROM (NEW.shop_id, NEW.subject, NEW.line, NEW.amount_minor, NEW.currency, NEW.created_at)
      AND (OLD.state NOT IN ('sent', 'refused')
        OR (OLD.state, OLD.moved_minor) IS NOT DISTINCT FROM (NEW.state, NEW.moved_minor)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what a row of credits says is never changed or removed: add a new one'
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """The table, fenced by shop; what its rows say stays."""
    op.execute(TABLE)
    for index in INDEXES:
        op.execute(index)
    op.execute("ALTER TABLE credits ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE credits FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY of_shop ON credits USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")
    op.execute(KEEP)
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON credits"
        " FOR EACH ROW EXECUTE FUNCTION suki_keep_credits()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON credits"
        " FOR EACH STATEMENT EXECUTE FUNCTION suki_refuse_change()"
    )


def downgrade() -> None:
    """What was paid out would be forgotten."""
    raise NotImplementedError("restore a backup instead")
