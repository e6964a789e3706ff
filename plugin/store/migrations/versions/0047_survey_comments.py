"""What is said with an answer, and the act that answered."""

from __future__ import annotations

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both are empty for what was answered before."""
    op.execute(
        "ALTER TABLE survey_answers ADD COLUMN comment text NOT NULL DEFAULT '',"
        " ADD COLUMN answer_key text NOT NULL DEFAULT ''"
    )


def downgrade() -> None:
    """Figures only."""
    op.execute("ALTER TABLE survey_answers DROP COLUMN comment, DROP COLUMN answer_key")
