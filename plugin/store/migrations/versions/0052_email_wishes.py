"""Members refuse kinds of emails and choose their language; what comes back of emails is kept, and counts of clicks."""

from __future__ import annotations

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE email_optouts (
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  by text NOT NULL DEFAULT '',
  PRIMARY KEY (shop_id, member_id, kind)
);
CREATE TABLE suppressions (
  shop_id bigint NOT NULL,
  address text NOT NULL,
  why text NOT NULL DEFAULT '',
  source text NOT NULL DEFAULT '',
  detail text NOT NULL DEFAULT '',
  at timestamptz,
  soft_bounces bigint NOT NULL DEFAULT 0,
  soft_at timestamptz,
  lifted_at timestamptz,
  lifted_by text NOT NULL DEFAULT '',
  lifted_why text NOT NULL DEFAULT '',
  PRIMARY KEY (shop_id, address)
);
CREATE INDEX suppressions_at ON suppressions (shop_id, at, address) WHERE why <> '';
CREATE TABLE returned_mails (
  shop_id bigint NOT NULL,
  source text NOT NULL,
  key text NOT NULL,
  message_id bigint NOT NULL,
  member_id bigint NOT NULL,
  what text NOT NULL,
  detail text NOT NULL DEFAULT '',
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, source, key)
);
CREATE INDEX returned_mails_member ON returned_mails (shop_id, member_id);
CREATE INDEX returned_mails_at ON returned_mails (shop_id, at);
CREATE TABLE message_clicks (
  shop_id bigint NOT NULL,
  message_id bigint NOT NULL,
  clicks bigint NOT NULL DEFAULT 0,
  opens bigint NOT NULL DEFAULT 0,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, message_id)
);
CREATE INDEX message_clicks_last ON message_clicks (shop_id, last_at);
CREATE TABLE provider_calls (
  source text NOT NULL,
  key text NOT NULL,
  digest text NOT NULL DEFAULT '',
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, key)
);
CREATE INDEX provider_calls_at ON provider_calls (at);
ALTER TABLE members ADD COLUMN chosen_locale text NOT NULL DEFAULT '';
"""
FENCED = ("email_optouts", "suppressions", "returned_mails", "message_clicks")
FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Nobody refused anything so far, and nothing came back."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(FENCE.format(table=table))


def downgrade() -> None:
    """What they refused is forgotten, and what came back."""
    op.execute("ALTER TABLE members DROP COLUMN chosen_locale")
    op.execute(f"DROP TABLE {', '.join(FENCED)}, provider_calls")
