"""Merchants make the emails their own: published versions, and a draft of each kind."""

from __future__ import annotations

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE email_versions (
  shop_id bigint NOT NULL,
  kind text NOT NULL,
  number integer NOT NULL,
  content jsonb,
  author text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, kind, number)
);
CREATE TABLE email_drafts (
  shop_id bigint NOT NULL,
  kind text NOT NULL,
  content jsonb,
  before jsonb,
  based_on integer NOT NULL DEFAULT 0,
  revision bigserial NOT NULL,
  author text NOT NULL DEFAULT '',
  saved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, kind)
);
"""
FENCED = ("email_versions", "email_drafts")
FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


KEEP = """
CREATE FUNCTION suki_keep_emails() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM shops WHERE id = OLD.shop_id AND state <> 'installed') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'email_versions rows are never changed or removed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
"""The versions of a shop that left the app go with its other data."""


def upgrade() -> None:
    """Create both, fenced by shop. A version is never changed."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(FENCE.format(table=table))
    op.execute(KEEP)
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON email_versions"
        " FOR EACH ROW EXECUTE FUNCTION suki_keep_emails()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON email_versions"
        " FOR EACH STATEMENT EXECUTE FUNCTION suki_refuse_change()"
    )


def downgrade() -> None:
    """Every shop's emails are those that come with the app."""
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION suki_keep_emails()")
