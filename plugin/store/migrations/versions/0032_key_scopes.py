"""What a key of the API is for; those there are keep all they could."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new key has what it is given."""
    op.execute("ALTER TABLE api_keys ADD COLUMN scopes text[] NOT NULL DEFAULT '{read,report,give}'")
    op.execute("ALTER TABLE api_keys ALTER COLUMN scopes SET DEFAULT '{}'")
    op.execute(
        "ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes CHECK (scopes <@ ARRAY['read', 'report', 'give']::text[])"
    )


def downgrade() -> None:
    """Every key opens everything again."""
    op.execute("ALTER TABLE api_keys DROP COLUMN scopes")
