"""What staff wrote can be emptied in rows that are otherwise never changed, when a person or a shop is forgotten."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WORDS = {"tier_events": "reasons", "programme_versions": "note"}
"""The one column of each table that holds words of staff."""
KEEP_ALL_BUT_WORDS = """
CREATE FUNCTION suki_keep_all_but_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb := to_jsonb(OLD);
  becomes jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    becomes := to_jsonb(NEW);
    IF was <> becomes AND was - TG_ARGV[0] = becomes - TG_ARGV[0]
        AND becomes -> TG_ARGV[0] IN ('""'::jsonb, '[]'::jsonb) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% rows are never changed or removed: add a new one', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """Replace the guard of each row; TRUNCATE stays refused as before."""
    op.execute(KEEP_ALL_BUT_WORDS)
    for table, words in WORDS.items():
        op.execute(f"DROP TRIGGER never_changed ON {table}")
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION suki_keep_all_but_words('{words}')"
        )


def downgrade() -> None:
    """The words can no longer be emptied."""
    for table in WORDS:
        op.execute(f"DROP TRIGGER never_changed ON {table}")
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION suki_refuse_change()"
        )
    op.execute("DROP FUNCTION suki_keep_all_but_words()")
