"""A customer's tag can change the member's tier."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REASONS = "because IN ('order', 'refund', 'time', 'rules', 'staff', 'merge', 'tag')"


def upgrade() -> None:
    """One more reason for a change of tier."""
    op.execute("ALTER TABLE tier_events DROP CONSTRAINT tier_events_check_0")
    op.execute(f"ALTER TABLE tier_events ADD CONSTRAINT tier_events_check_0 CHECK ({REASONS})")


def downgrade() -> None:
    """Changes that were made for this reason are never changed themselves."""
    raise NotImplementedError("tier_events are never changed")
