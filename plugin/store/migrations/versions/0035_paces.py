"""How often somebody did something within an hour, and claims of referrals that wait to be looked at."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE paces (
  shop_id bigint NOT NULL,
  who text NOT NULL,
  at timestamptz[] NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, who)
);
CREATE INDEX paces_last ON paces (shop_id, last_at);
CREATE TABLE referral_claims (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  nonce text NOT NULL,
  word text NOT NULL,
  email text NOT NULL,
  net text NOT NULL DEFAULT '',
  ip text NOT NULL DEFAULT '',
  customer_id bigint,
  locale text NOT NULL DEFAULT '',
  asked_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX referral_claims_once ON referral_claims (shop_id, nonce, email);
"""
FENCED = ("paces", "referral_claims")
FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Create both, fenced by shop. Tries were rows among the marks of fraud; they go with the others, after 90 days."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(FENCE.format(table=table))
    op.execute("DROP INDEX referral_marks_ip")


def downgrade() -> None:
    """Nobody counts, and claims that wait are lost."""
    op.execute("CREATE INDEX referral_marks_ip ON referral_marks (shop_id, ip, at) WHERE kind = 'try'")
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
