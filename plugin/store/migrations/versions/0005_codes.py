"""Codes made ahead: pools of next-order codes and batches for campaigns."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE code_sets (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    purpose TEXT NOT NULL CONSTRAINT code_sets_check_0 CHECK (purpose IN ('next_order', 'campaign')),
    name TEXT DEFAULT '' NOT NULL,
    terms JSONB DEFAULT '{}' NOT NULL,
    terms_key TEXT DEFAULT '' NOT NULL,
    wanted INTEGER NOT NULL CONSTRAINT code_sets_check_1 CHECK (wanted > 0),
    state TEXT DEFAULT 'filling' NOT NULL
        CONSTRAINT code_sets_check_2 CHECK (state IN ('filling', 'ready', 'ending', 'ended', 'lost')),
    shopify_id TEXT DEFAULT '' NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT DEFAULT '' NOT NULL,
    last_error TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX code_sets_pool ON code_sets (shop_id, terms_key, ends_at)
    WHERE purpose = 'next_order' AND state IN ('filling', 'ready');
CREATE INDEX code_sets_newest ON code_sets (shop_id, purpose, id);
CREATE TABLE set_codes (
    shop_id BIGINT NOT NULL,
    set_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    state TEXT DEFAULT 'wanted' NOT NULL
        CONSTRAINT set_codes_check_0 CHECK (state IN ('wanted', 'there', 'given', 'refused')),
    redemption_id BIGINT,
    used_by_order BIGINT,
    PRIMARY KEY (shop_id, set_id, number)
);
CREATE UNIQUE INDEX set_codes_code ON set_codes (shop_id, upper(code));
CREATE INDEX set_codes_there ON set_codes (shop_id, set_id, number) WHERE state = 'there';
CREATE UNIQUE INDEX set_codes_redemption ON set_codes (shop_id, redemption_id) WHERE redemption_id IS NOT NULL;
CREATE TABLE code_calls (
    shop_id BIGINT NOT NULL,
    set_id BIGINT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    state TEXT DEFAULT 'sending' NOT NULL
        CONSTRAINT code_calls_check_0 CHECK (state IN ('sending', 'sent', 'done')),
    creation TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (shop_id, set_id, first)
)
"""
FENCED = ("code_sets", "set_codes", "code_calls")


def upgrade() -> None:
    """Add the tables, each fenced by shop."""
    op.execute(TABLES)
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """Codes in the shop stay; what is known of them goes."""
    for table in reversed(FENCED):
        op.execute(f"DROP TABLE {table}")
