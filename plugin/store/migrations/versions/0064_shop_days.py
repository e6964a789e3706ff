"""What a shop's days came to, and which of them are to be computed again."""

from __future__ import annotations

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None
FIGURES = (
    "orders net_minor member_orders member_net_minor code_orders code_net_minor joined"
    " earned adjusted reversed redeemed released expired"
).split()
TABLES = f"""
CREATE TABLE shop_days (
  shop_id bigint NOT NULL,
  day date NOT NULL,
  {", ".join(f"{name} bigint NOT NULL DEFAULT 0" for name in FIGURES)},
  PRIMARY KEY (shop_id, day)
);
CREATE TABLE days_dirty (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  day date NOT NULL
);
CREATE INDEX days_dirty_shop ON days_dirty (shop_id, day);
ALTER TABLE shop_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop_days FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON shop_days USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
ALTER TABLE days_dirty ENABLE ROW LEVEL SECURITY;
ALTER TABLE days_dirty FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON days_dirty USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Empty: the next round of the schedule fills them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Home counts everything as it is asked for."""
    op.execute("DROP TABLE days_dirty; DROP TABLE shop_days")
