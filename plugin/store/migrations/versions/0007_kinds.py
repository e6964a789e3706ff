"""What staff fulfil, donations with their payouts, and the codes of partners."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """
CREATE TABLE fulfilments (
  shop_id bigint NOT NULL,
  redemption_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled')),
  note text NOT NULL DEFAULT '',
  told text NOT NULL DEFAULT '',
  actor text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (shop_id, redemption_id)
)""",
    "CREATE INDEX fulfilments_state ON fulfilments (shop_id, state, redemption_id)",
    """
CREATE TABLE donations (
  shop_id bigint NOT NULL,
  redemption_id bigint NOT NULL,
  cause text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency text NOT NULL,
  payout_id bigint,
  PRIMARY KEY (shop_id, redemption_id)
)""",
    "CREATE INDEX donations_due ON donations (shop_id, cause, currency) WHERE payout_id IS NULL",
    "CREATE INDEX donations_payout ON donations (shop_id, payout_id) WHERE payout_id IS NOT NULL",
    """
CREATE TABLE donation_payouts (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  cause text NOT NULL,
  currency text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  note text NOT NULL DEFAULT '',
  actor text NOT NULL DEFAULT '',
  at timestamptz NOT NULL
)""",
    "CREATE INDEX donation_payouts_shop ON donation_payouts (shop_id, id)",
    """
CREATE TABLE pool_codes (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  reward text NOT NULL,
  mark bytea NOT NULL,
  secret bytea NOT NULL,
  redemption_id bigint,
  added_at timestamptz NOT NULL,
  CONSTRAINT pool_codes_once UNIQUE (shop_id, reward, mark)
)""",
    "CREATE INDEX pool_codes_free ON pool_codes (shop_id, reward, id) WHERE redemption_id IS NULL",
    "CREATE UNIQUE INDEX pool_codes_given ON pool_codes (shop_id, redemption_id) WHERE redemption_id IS NOT NULL",
)
FENCED = ("fulfilments", "donations", "donation_payouts", "pool_codes")


def upgrade() -> None:
    """Add the tables, fenced like every other of a shop."""
    for statement in TABLES:
        op.execute(statement)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """What was given cannot be put back."""
    raise NotImplementedError("what was given cannot be put back")
