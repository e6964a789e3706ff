"""What is in the inbox is read once for the rule that 0022 widened, while everybody works on."""

from __future__ import annotations

from plugin.store.migrations import big_tables

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The rule itself is there since 0022."""
    big_tables.add_constraint("inbox", "inbox_check_0", "CHECK (state IN ('new', 'failed', 'refused'))")


def downgrade() -> None:
    """A rule that was read stays so."""
