"""Mailings have a name, words by language, a tier, and are drafts at first. Until now nothing could plan one."""

from __future__ import annotations

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE mailings
  DROP COLUMN subject, DROP COLUMN title, DROP COLUMN body,
  ADD COLUMN name text NOT NULL DEFAULT '',
  ADD COLUMN language text NOT NULL DEFAULT 'en',
  ADD COLUMN texts jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN tier text NOT NULL DEFAULT '',
  ADD COLUMN key text NOT NULL DEFAULT '',
  ALTER COLUMN send_at DROP NOT NULL,
  ALTER COLUMN state SET DEFAULT 'draft',
  DROP CONSTRAINT mailings_states,
  ADD CONSTRAINT mailings_states CHECK (state IN ('draft', 'planned', 'written', 'canceled'));
CREATE UNIQUE INDEX mailings_once ON mailings (shop_id, key) WHERE key <> '';
"""
DOWN = """
DROP INDEX mailings_once;
DELETE FROM mailings WHERE state = 'draft' OR send_at IS NULL;
ALTER TABLE mailings
  DROP COLUMN name, DROP COLUMN language, DROP COLUMN texts, DROP COLUMN tier, DROP COLUMN key,
  ADD COLUMN subject text NOT NULL DEFAULT '', ADD COLUMN title text NOT NULL DEFAULT '',
  ADD COLUMN body text NOT NULL DEFAULT '',
  ALTER COLUMN send_at SET NOT NULL,
  ALTER COLUMN state SET DEFAULT 'planned',
  DROP CONSTRAINT mailings_states,
  ADD CONSTRAINT mailings_states CHECK (state IN ('planned', 'written', 'canceled'));
"""


def upgrade() -> None:
    """A table that is hardly used yet."""
    op.execute(UP)


def downgrade() -> None:
    """Drafts go."""
    op.execute(DOWN)
