"""Where a form of the panel led, so that the same form sent again leads there, and does nothing twice."""

from __future__ import annotations

from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty: forms write it."""
    op.execute(
        "CREATE TABLE form_answers (shop_id bigint NOT NULL, key text NOT NULL, location text NOT NULL DEFAULT '',"
        " begun_at timestamptz NOT NULL, PRIMARY KEY (shop_id, key));"
        " CREATE INDEX form_answers_begun ON form_answers (shop_id, begun_at);"
        " ALTER TABLE form_answers ENABLE ROW LEVEL SECURITY;"
        " ALTER TABLE form_answers FORCE ROW LEVEL SECURITY;"
        " CREATE POLICY of_shop ON form_answers USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())"
    )


def downgrade() -> None:
    """A form that is sent twice is carried out twice."""
    op.execute("DROP TABLE form_answers")
