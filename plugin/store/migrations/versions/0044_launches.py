"""A shop's programme reaches shoppers once it is launched; what is paused, and when it was; who are test members."""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE shops ADD COLUMN stage text NOT NULL DEFAULT 'draft',
  ADD COLUMN launched_at timestamptz,
  ADD COLUMN paused text[] NOT NULL DEFAULT '{}',
  ADD COLUMN first_paused_at timestamptz,
  ADD CONSTRAINT shops_stage CHECK (stage IN ('draft', 'launched')),
  ADD CONSTRAINT shops_paused CHECK (paused <@ ARRAY['earning', 'spending', 'mails']);
ALTER TABLE members ADD COLUMN test_member boolean NOT NULL DEFAULT false;
CREATE TABLE pauses (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  what text NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT pauses_what CHECK (what IN ('earning', 'spending', 'mails'))
);
CREATE INDEX pauses_shop ON pauses (shop_id, began_at);
CREATE UNIQUE INDEX pauses_open ON pauses (shop_id, what) WHERE ended_at IS NULL;
ALTER TABLE pauses ENABLE ROW LEVEL SECURITY;
ALTER TABLE pauses FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON pauses USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""
AT_WORK = """
DO $$
DECLARE one bigint;
BEGIN
  FOR one IN SELECT id FROM shops WHERE state <> 'redacted' ORDER BY id LOOP
    PERFORM set_config('suki.shop_id', one::text, true);
    UPDATE shops SET stage = 'launched' WHERE id = one AND (
      EXISTS (SELECT FROM entries WHERE shop_id = one)
      OR EXISTS (SELECT FROM programme_versions WHERE shop_id = one AND number > 1));
  END LOOP;
  PERFORM set_config('suki.shop_id', '', true);
END $$
"""


def upgrade() -> None:
    """A shop that has given points, or changed its programme, has launched it."""
    op.execute(CHANGES)
    op.execute(AT_WORK)


def downgrade() -> None:
    """Every programme reaches everybody, and what was paused is forgotten."""
    op.execute("DROP TABLE pauses")
    op.execute("ALTER TABLE members DROP COLUMN test_member")
    op.execute(
        "ALTER TABLE shops DROP COLUMN stage, DROP COLUMN launched_at, DROP COLUMN paused, DROP COLUMN first_paused_at"
    )
