"""What is fetched of customers: tags, consent, number of orders."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE customer_facts (
  shop_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  email_consent text NOT NULL DEFAULT '',
  orders_count bigint NOT NULL DEFAULT 0,
  fetched_at timestamptz NOT NULL DEFAULT now(),
  tags_at timestamptz,
  consent_at timestamptz,
  PRIMARY KEY (shop_id, customer_id)
)
"""


def upgrade() -> None:
    """Add the table, fenced like every other of a shop."""
    op.execute(TABLE)
    op.execute("ALTER TABLE customer_facts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE customer_facts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY of_shop ON customer_facts USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())"
    )


def downgrade() -> None:
    """Facts can be fetched again."""
    op.execute("DROP TABLE customer_facts")
