"""The members are read once for the rule that 0036 widened, while everybody works on."""

from __future__ import annotations

from plugin.store.migrations import big_tables

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The rule itself is there since 0036."""
    rule = "CHECK (state IN ('member', 'guest', 'left', 'merged', 'erased'))"
    big_tables.add_constraint("members", "members_check_1", rule)


def downgrade() -> None:
    """A rule that was read stays so."""
