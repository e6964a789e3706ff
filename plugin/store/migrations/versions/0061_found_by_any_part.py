"""Members are found by the words within a name or an address, and by codes of any kind, also by a later part of one.

Row-level security lets only plain comparisons use an index, so what a search may begin with stands in rows. Those of
members from before come by a job in steps (`list_members`).
"""

from __future__ import annotations

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

PARTS = r"""
CREATE FUNCTION suki_name_parts(address text, first text, last text) RETURNS SETOF text LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$
  SELECT DISTINCT part FROM (
    SELECT lower(trim(last)) AS part
    UNION ALL
    SELECT substr(whole, place) FROM (VALUES (left(lower(trim(first || ' ' || last)), 200), 200),
      (left(address, 200), coalesce(nullif(strpos(address, '@'), 0), 199) + 1)) AS known (whole, furthest),
      generate_series(1, least(length(whole), furthest)) AS place
    WHERE place = 1 OR strpos(' .,_+-@/()&''"’', substr(whole, place, 1)) = 0
      AND (strpos(' .,_+-@/()&''"’', substr(whole, place - 1, 1)) > 0
        OR strpos('0123456789', substr(whole, place, 1)) > 0 AND strpos('0123456789', substr(whole, place - 1, 1)) = 0)
  ) AS parts WHERE part <> ''
$$
"""
KEEP_NAMES = """
CREATE OR REPLACE FUNCTION suki_keep_member_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM member_names WHERE shop_id = OLD.shop_id AND member_id = OLD.id
      AND name = ANY(ARRAY(SELECT suki_name_parts(OLD.email_key, OLD.first_name, OLD.last_name)));
  END IF;
  INSERT INTO member_names (shop_id, name, member_id)
    SELECT NEW.shop_id, name, NEW.id FROM suki_name_parts(NEW.email_key, NEW.first_name, NEW.last_name) AS name
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
KEEP_NAMES_BEFORE = """
CREATE OR REPLACE FUNCTION suki_keep_member_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM member_names WHERE shop_id = OLD.shop_id AND member_id = OLD.id
      AND name IN (OLD.email_key, lower(trim(OLD.first_name || ' ' || OLD.last_name)), lower(trim(OLD.last_name)));
  END IF;
  INSERT INTO member_names (shop_id, name, member_id)
    SELECT NEW.shop_id, name, NEW.id FROM unnest(ARRAY[NEW.email_key,
      lower(trim(NEW.first_name || ' ' || NEW.last_name)), lower(trim(NEW.last_name))]) AS name
    WHERE name <> '' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
CODES = """
CREATE TABLE member_codes (
  shop_id bigint NOT NULL,
  code text COLLATE "C" NOT NULL,
  member_id bigint NOT NULL,
  PRIMARY KEY (shop_id, code, member_id)
);
CREATE INDEX member_codes_member ON member_codes (shop_id, member_id);
ALTER TABLE member_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON member_codes USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop());
"""
CODE_PARTS = r"""
CREATE FUNCTION suki_code_parts(code text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT DISTINCT part FROM (
    SELECT regexp_replace(substr(whole, place), '[^[:alnum:]]', '', 'g') AS part
    FROM (SELECT left(upper(code), 100) AS whole) AS known, generate_series(1, length(whole)) AS place
    WHERE place = 1 OR substr(whole, place - 1, 1) !~ '[[:alnum:]]'
  ) AS parts WHERE length(part) >= 3
$$
"""
KEEP_CODES = """
CREATE FUNCTION suki_keep_member_codes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  known jsonb := to_jsonb(NEW);
BEGIN
  INSERT INTO member_codes (shop_id, code, member_id)
    SELECT NEW.shop_id, part, NEW.member_id FROM suki_code_parts(coalesce(known ->> 'code', known ->> 'word')) AS part
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
OF = {"redemptions": "code", "referral_links": "word"}


def upgrade() -> None:
    """What is written from now on is found by its parts."""
    op.execute(PARTS)
    op.execute(KEEP_NAMES)
    op.execute(CODES)
    op.execute(CODE_PARTS)
    op.execute(KEEP_CODES)
    for table, column in OF.items():
        op.execute(
            f"CREATE TRIGGER codes_kept AFTER INSERT OR UPDATE OF {column}, member_id ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION suki_keep_member_codes()"
        )


def downgrade() -> None:
    """Only the beginning of a name or an address finds a member."""
    for table in OF:
        op.execute(f"DROP TRIGGER codes_kept ON {table}")
    op.execute("DROP TABLE member_codes")
    op.execute("DROP FUNCTION suki_keep_member_codes()")
    op.execute("DROP FUNCTION suki_code_parts(text)")
    op.execute(KEEP_NAMES_BEFORE)
    op.execute("DROP FUNCTION suki_name_parts(text, text, text)")
