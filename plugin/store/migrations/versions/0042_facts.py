"""Facts of orders and members for reports, what marks them as to be computed again, and answers to surveys."""

from __future__ import annotations

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE order_facts (
  shop_id bigint NOT NULL,
  order_id bigint NOT NULL,
  member_id bigint,
  day date NOT NULL,
  counts boolean NOT NULL DEFAULT false,
  why_not text NOT NULL DEFAULT '',
  currency text NOT NULL DEFAULT '',
  net_minor bigint NOT NULL DEFAULT 0,
  gross_minor bigint NOT NULL DEFAULT 0,
  reward_discount_minor bigint NOT NULL DEFAULT 0,
  source text NOT NULL DEFAULT '',
  subscription boolean,
  country text NOT NULL DEFAULT '',
  region text NOT NULL DEFAULT '',
  PRIMARY KEY (shop_id, order_id)
);
CREATE INDEX order_facts_member ON order_facts (shop_id, member_id, day) INCLUDE (counts, net_minor);
CREATE INDEX order_facts_day ON order_facts (shop_id, day);
CREATE TABLE order_items (
  shop_id bigint NOT NULL,
  order_id bigint NOT NULL,
  product_id bigint NOT NULL,
  day date NOT NULL,
  quantity bigint NOT NULL DEFAULT 0,
  net_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (shop_id, order_id, product_id)
);
CREATE INDEX order_items_product ON order_items (shop_id, product_id, day);
CREATE TABLE member_stats (
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  first_day date,
  second_day date,
  last_day date,
  orders bigint NOT NULL DEFAULT 0,
  days bigint NOT NULL DEFAULT 0,
  net_minor bigint NOT NULL DEFAULT 0,
  months bigint NOT NULL DEFAULT 0,
  months_after bigint NOT NULL DEFAULT 0,
  gap_days double precision,
  r smallint,
  f smallint,
  m smallint,
  segment text NOT NULL DEFAULT '',
  p_alive double precision,
  orders_90 double precision,
  value_12m_minor bigint,
  next_day date,
  computed_on date,
  PRIMARY KEY (shop_id, member_id)
);
CREATE TABLE member_months (
  shop_id bigint NOT NULL,
  month date NOT NULL,
  member_id bigint NOT NULL,
  orders integer NOT NULL,
  days integer NOT NULL,
  net_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (shop_id, month, member_id)
);
CREATE INDEX member_months_member ON member_months (shop_id, member_id);
CREATE TABLE stats_dirty (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL
);
CREATE INDEX stats_dirty_shop ON stats_dirty (shop_id, id);
CREATE TABLE survey_answers (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  survey text NOT NULL DEFAULT '',
  order_id bigint,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz,
  score smallint,
  tier text NOT NULL DEFAULT '',
  segment text NOT NULL DEFAULT '',
  CHECK (survey = 'nps' AND score BETWEEN 0 AND 10 OR survey = 'csat' AND score BETWEEN 1 AND 5 OR score IS NULL),
  CHECK ((score IS NULL) = (answered_at IS NULL))
);
CREATE INDEX survey_answers_member ON survey_answers (shop_id, member_id);
CREATE INDEX survey_answers_answered ON survey_answers (shop_id, survey, answered_at);
"""
FENCED = ("order_facts", "order_items", "member_stats", "member_months", "stats_dirty", "survey_answers")
FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Empty tables, fenced by shop; a job fills them shop by shop."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(FENCE.format(table=table))


def downgrade() -> None:
    """All but answers can be computed anew."""
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
