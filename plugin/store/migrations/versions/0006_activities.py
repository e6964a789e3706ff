"""Points for what members do besides buying: records, what members said of themselves, and keys for the API."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE activity_records (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  activity text NOT NULL,
  counted_as text NOT NULL,
  key text NOT NULL,
  points bigint NOT NULL,
  happened_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT activity_records_once UNIQUE (shop_id, counted_as, key),
  CONSTRAINT activity_records_check_0 CHECK (points > 0)
);
CREATE INDEX activity_records_member ON activity_records (shop_id, member_id, counted_as);
CREATE TABLE member_profiles (
  shop_id bigint NOT NULL,
  member_id bigint NOT NULL,
  birth_month smallint,
  birth_day smallint,
  birthday_set_at timestamptz,
  birthday_by_staff boolean NOT NULL DEFAULT false,
  answers jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (shop_id, member_id),
  CONSTRAINT member_profiles_check_0 CHECK (birth_month BETWEEN 1 AND 12 AND birth_day BETWEEN 1 AND 31)
);
CREATE INDEX member_profiles_birthday ON member_profiles (shop_id, birth_month, birth_day);
CREATE TABLE api_keys (
  id bigserial PRIMARY KEY,
  shop_id bigint NOT NULL,
  name text NOT NULL DEFAULT '',
  secret_hash bytea NOT NULL,
  ending text NOT NULL DEFAULT '',
  made_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  window_from timestamptz,
  window_calls integer NOT NULL DEFAULT 0
);
CREATE INDEX api_keys_shop ON api_keys (shop_id, id);
CREATE INDEX members_joined ON members (shop_id, joined_at);
"""
FENCED = ("activity_records", "member_profiles", "api_keys")


def upgrade() -> None:
    """Make the tables, each fenced by shop."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """What was given stays in the entries."""
    op.execute("DROP INDEX members_joined")
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
