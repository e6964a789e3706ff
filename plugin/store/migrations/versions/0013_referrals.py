"""Referrals: links, claims, what was seen as keyed hashes, and blocks."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE referral_links (
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    word TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id, member_id)
);

CREATE UNIQUE INDEX referral_links_word ON referral_links (shop_id, word);

CREATE TABLE referrals (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    friend_id BIGINT NOT NULL,
    friend_key TEXT DEFAULT '' NOT NULL,
    version INTEGER NOT NULL,
    redemption_id BIGINT,
    state TEXT DEFAULT 'claimed' NOT NULL,
    why JSONB,
    signs JSONB DEFAULT '[]' NOT NULL,
    score INTEGER DEFAULT 0 NOT NULL,
    decision TEXT DEFAULT '' NOT NULL,
    decided_by TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    order_id BIGINT,
    ordered_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    counts BOOLEAN DEFAULT false NOT NULL,
    posted BIGINT DEFAULT 0 NOT NULL,
    line INTEGER DEFAULT 0 NOT NULL,
    forgiven BIGINT DEFAULT 0 NOT NULL,
    gift_id BIGINT,
    gifts SMALLINT DEFAULT 0 NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX referrals_code ON referrals (shop_id, redemption_id);

CREATE UNIQUE INDEX referrals_friend ON referrals (shop_id, friend_key) WHERE friend_key <> '' AND state <> 'expired';

CREATE INDEX referrals_friend_member ON referrals (shop_id, friend_id);

CREATE INDEX referrals_member ON referrals (shop_id, member_id, claimed_at);

CREATE INDEX referrals_state ON referrals (shop_id, state, id);

CREATE TABLE referral_marks (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    member_id BIGINT,
    name TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    net TEXT DEFAULT '' NOT NULL,
    ip TEXT DEFAULT '' NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX referral_marks_at ON referral_marks (shop_id, at);

CREATE INDEX referral_marks_ip ON referral_marks (shop_id, ip, at) WHERE kind = 'try';

CREATE INDEX referral_marks_member ON referral_marks (shop_id, member_id);

CREATE INDEX referral_marks_net ON referral_marks (shop_id, net, at) WHERE kind = 'claim';

CREATE UNIQUE INDEX referral_marks_once ON referral_marks (shop_id, kind, subject);

CREATE TABLE referral_blocks (
    shop_id BIGINT NOT NULL,
    value TEXT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id, value)
);
"""
FENCED = ("referral_links", "referrals", "referral_marks", "referral_blocks")
CHECKS = {
    "referrals_states": "state IN ('claimed', 'ordered', 'held', 'approved', 'paid', 'refused', 'reversed', 'expired')",
    "referrals_decisions": "decision IN ('', 'approved', 'refused')",
    "referrals_posted": "posted >= 0",
}


def upgrade() -> None:
    """Create the tables, each fenced by shop."""
    op.execute(TABLES)
    for name, check in CHECKS.items():
        op.execute(f"ALTER TABLE referrals ADD CONSTRAINT {name} CHECK ({check})")
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_shop ON {table} USING (shop_id = suki_shop()) WITH CHECK (shop_id = suki_shop())")


def downgrade() -> None:
    """Back to a shop without referrals."""
    for table in FENCED:
        op.execute(f"DROP TABLE {table}")
