"""Files of members from other apps: columns that staff assign, as many lines as there are, undone as a whole."""

from __future__ import annotations

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE imports ADD COLUMN headings jsonb NOT NULL DEFAULT '[]', ADD COLUMN columns jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN choices jsonb NOT NULL DEFAULT '{}', ADD COLUMN part bigint NOT NULL DEFAULT 0,
  ADD COLUMN parts bigint NOT NULL DEFAULT 0;
ALTER TABLE imports ALTER COLUMN state SET DEFAULT 'uploaded';
ALTER TABLE imports DROP CONSTRAINT imports_check_0;
ALTER TABLE imports ADD CONSTRAINT imports_check_0
  CHECK (state IN ('uploaded', 'checking', 'checked', 'running', 'done', 'undoing', 'undone'));
CREATE TABLE import_parts (
  shop_id bigint NOT NULL,
  import_id bigint NOT NULL,
  part integer NOT NULL,
  lines jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (shop_id, import_id, part)
);
CREATE TABLE import_people (
  shop_id bigint NOT NULL,
  import_id bigint NOT NULL,
  who bigint NOT NULL,
  line integer NOT NULL,
  PRIMARY KEY (shop_id, import_id, who)
);
CREATE TABLE import_members (
  shop_id bigint NOT NULL,
  import_id bigint NOT NULL,
  member_id bigint NOT NULL,
  before jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (shop_id, import_id, member_id)
);
CREATE INDEX import_members_member ON import_members (shop_id, member_id);
CREATE TABLE member_origins (
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  source text NOT NULL DEFAULT '',
  lifetime_points bigint NOT NULL DEFAULT 0,
  import_id bigint NOT NULL,
  brought_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, member_id)
);
CREATE TABLE referral_aliases (
  shop_id bigint NOT NULL,
  word text COLLATE "C" NOT NULL,
  member_id bigint NOT NULL,
  import_id bigint NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, word)
);
CREATE INDEX referral_aliases_member ON referral_aliases (shop_id, member_id);
"""
OLD_FILES = """
DELETE FROM imports WHERE state = 'checked';
INSERT INTO import_members (shop_id, import_id, member_id)
  SELECT shop_id, id, unnest(member_ids) FROM imports ON CONFLICT DO NOTHING;
UPDATE imports SET headings = '["email", "customer id", "points", "note"]', parts = 1,
  choices = '{"source": "plain", "points_as": "add",
    "columns": {"email": 0, "customer_id": 1, "points": 2, "note": 3}}',
  columns = '[{}, {}, {}, {}]'
  WHERE state = 'running';
INSERT INTO import_parts (shop_id, import_id, part, lines)
  SELECT shop_id, id, 1, (SELECT coalesce(jsonb_agg(jsonb_build_array(r->0, jsonb_build_array(
    coalesce(r->>1, ''), coalesce(r->>2, ''), r->>3, coalesce(r->>4, '')))), '[]') FROM jsonb_array_elements(rows) r)
  FROM imports WHERE state = 'running';
ALTER TABLE imports DROP COLUMN rows, DROP COLUMN member_ids;
"""
FENCED = ("import_parts", "import_people", "import_members", "member_origins", "referral_aliases")


def upgrade() -> None:
    """What is under way goes on; what nobody confirmed has to be uploaded again."""
    op.execute(TABLES)
    op.execute(OLD_FILES)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """Files that were carried out can no longer be undone as a whole."""
    op.execute("DELETE FROM imports WHERE state IN ('uploaded', 'checking', 'checked', 'running', 'undoing')")
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE imports DROP COLUMN headings, DROP COLUMN columns, DROP COLUMN choices")
    op.execute("ALTER TABLE imports DROP COLUMN part, DROP COLUMN parts")
    op.execute("ALTER TABLE imports ADD COLUMN rows jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE imports ADD COLUMN member_ids bigint[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE imports ALTER COLUMN state SET DEFAULT 'checked'")
    op.execute("ALTER TABLE imports DROP CONSTRAINT imports_check_0")
    op.execute(
        "ALTER TABLE imports ADD CONSTRAINT imports_check_0"
        " CHECK (state IN ('checked', 'running', 'done', 'undoing', 'undone'))"
    )
