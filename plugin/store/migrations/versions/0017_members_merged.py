"""Whom a member stands for: found without looking at every member of the shop."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only members who were merged are in it."""
    op.execute("CREATE INDEX members_merged ON members (shop_id, merged_into) WHERE merged_into IS NOT NULL")


def downgrade() -> None:
    """Nothing is lost but speed."""
    op.execute("DROP INDEX members_merged")
