"""A file of members is carried out, and undone, step by step."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """While it is under way it is neither checked nor done."""
    _states("'checked', 'running', 'done', 'undoing', 'undone'")


def downgrade() -> None:
    """What is under way has to be ended by hand."""
    _states("'checked', 'done', 'undone'")


def _states(allowed: str) -> None:
    op.execute("ALTER TABLE imports DROP CONSTRAINT imports_check_0")
    op.execute(f"ALTER TABLE imports ADD CONSTRAINT imports_check_0 CHECK (state IN ({allowed}))")
