"""The names of the keys that stored secrets may be under, each with a value that it alone opens."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the next start writes its keys down."""
    op.execute(
        "CREATE TABLE secret_keys (name bytea PRIMARY KEY, proof bytea NOT NULL,"
        " first_seen_at timestamptz NOT NULL DEFAULT now())"
    )


def downgrade() -> None:
    """A start no longer compares its keys."""
    op.execute("DROP TABLE secret_keys")
