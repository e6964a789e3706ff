"""Shopify's own number of each shop, which bodies of webhooks name; and deliveries that were another shop's."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Numbers are learned with the next call to each shop. What is in the inbox obeys the wider rule: read in 0026."""
    op.execute("ALTER TABLE shops ADD COLUMN shopify_id bigint")
    _states("'new', 'failed', 'refused'")


def downgrade() -> None:
    """Refused deliveries count as failed ones."""
    op.execute("UPDATE inbox SET state = 'failed' WHERE state = 'refused'")
    _states("'new', 'failed'")
    op.execute("ALTER TABLE shops DROP COLUMN shopify_id")


def _states(allowed: str) -> None:
    op.execute("ALTER TABLE inbox DROP CONSTRAINT inbox_check_0")
    op.execute(f"ALTER TABLE inbox ADD CONSTRAINT inbox_check_0 CHECK (state IN ({allowed})) NOT VALID")
