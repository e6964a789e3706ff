"""A planned version of the programme can be withdrawn before it begins."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE programme_withdrawals (
  shop_id bigint NOT NULL,
  number integer NOT NULL,
  actor text NOT NULL DEFAULT '',
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop_id, number)
)
"""
NEVER = "EXECUTE FUNCTION suki_refuse_change()"


def upgrade() -> None:
    """Add the table, fenced, and frozen like the versions themselves."""
    op.execute(TABLE)
    op.execute("ALTER TABLE programme_withdrawals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE programme_withdrawals FORCE ROW LEVEL SECURITY")
    inside = "(shop_id = suki_shop())"
    op.execute(f"CREATE POLICY of_shop ON programme_withdrawals USING {inside} WITH CHECK {inside}")
    each = f"BEFORE UPDATE OR DELETE ON programme_withdrawals FOR EACH ROW {NEVER}"
    op.execute(f"CREATE TRIGGER never_changed {each}")
    op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON programme_withdrawals FOR EACH STATEMENT {NEVER}")


def downgrade() -> None:
    """Planned versions that were withdrawn would come into force."""
    raise NotImplementedError("withdrawn versions would come back")
