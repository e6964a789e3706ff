"""Links that confirm something by mail; who left the programme and when; who does not want to be profiled."""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE second_steps (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  purpose text NOT NULL,
  subject text NOT NULL DEFAULT '',
  prefix text NOT NULL,
  asked_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX second_steps_member ON second_steps (shop_id, member_id);
CREATE INDEX second_steps_asked ON second_steps (shop_id, asked_at);
CREATE TABLE absences (
  shop_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  left_at timestamptz NOT NULL,
  back_at timestamptz,
  PRIMARY KEY (shop_id, customer_id, left_at)
);
ALTER TABLE members ADD COLUMN no_profiling boolean NOT NULL DEFAULT false;
"""
FENCED = ("second_steps", "absences")
FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""


def upgrade() -> None:
    """Create the tables, fenced by shop; the column comes without reading a row."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(FENCE.format(table=table))
    _states("'member', 'guest', 'left', 'merged', 'erased'")


def _states(allowed: str) -> None:
    """For new rows at once; the next revision reads the old ones."""
    op.execute("ALTER TABLE members DROP CONSTRAINT members_check_1")
    op.execute(f"ALTER TABLE members ADD CONSTRAINT members_check_1 CHECK (state IN ({allowed})) NOT VALID")


def downgrade() -> None:
    """Whoever left is a member again."""
    op.execute("UPDATE members SET state = 'member' WHERE state = 'left'")
    _states("'member', 'guest', 'merged', 'erased'")
    op.execute("ALTER TABLE members DROP COLUMN no_profiling")
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
