-- The first schema's tables, written down for good: later changes are later revisions.

CREATE TABLE deliveries (
    shop_id BIGINT NOT NULL,
    id BIGSERIAL NOT NULL,
    webhook_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    event_id TEXT DEFAULT '' NOT NULL,
    api_version TEXT DEFAULT '' NOT NULL,
    triggered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT deliveries_once UNIQUE (shop_id, webhook_id)
);

CREATE TABLE entries (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    points BIGINT NOT NULL,
    subject TEXT NOT NULL,
    line INTEGER NOT NULL,
    programme_version INTEGER,
    effective_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason JSONB DEFAULT '{}' NOT NULL,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT entries_once UNIQUE (shop_id, member_id, subject, line)
);

CREATE INDEX entries_created ON entries USING brin (created_at);

CREATE TABLE entry_notes (
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    line INTEGER NOT NULL,
    note TEXT NOT NULL,
    shown BOOLEAN NOT NULL,
    PRIMARY KEY (shop_id, member_id, subject, line)
);

CREATE TABLE imports (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT 'checked' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    shown BOOLEAN DEFAULT false NOT NULL,
    rows JSONB DEFAULT '[]' NOT NULL,
    problems JSONB DEFAULT '[]' NOT NULL,
    totals JSONB DEFAULT '{}' NOT NULL,
    member_ids BIGINT[] DEFAULT '{}' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    undone_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE INDEX imports_shop ON imports (shop_id, id);

CREATE TABLE inbox (
    shop_id BIGINT NOT NULL,
    delivery_id BIGINT NOT NULL,
    state TEXT DEFAULT 'new' NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_error TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (shop_id, delivery_id)
);

CREATE TABLE intake_counters (
    day DATE NOT NULL,
    reason TEXT NOT NULL,
    seen BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (day, reason)
);

CREATE TABLE jobs (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    state TEXT DEFAULT 'queued' NOT NULL,
    generation BIGINT DEFAULT 0 NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_error TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT jobs_once UNIQUE (shop_id, kind, subject)
);

CREATE INDEX jobs_due ON jobs (shop_id, kind, not_before) WHERE state = 'queued';

CREATE TABLE lot_draws (
    entry_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (entry_id, lot_id)
);

CREATE INDEX lot_draws_of_lot ON lot_draws (lot_id);

CREATE TABLE lots (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    points BIGINT NOT NULL,
    points_left BIGINT NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    earned_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    kept_until TIMESTAMP WITH TIME ZONE,
    warned_for TIMESTAMP WITH TIME ZONE,
    warned_at TIMESTAMP WITH TIME ZONE,
    warnings SMALLINT DEFAULT 0 NOT NULL,
    look_at TIMESTAMP WITH TIME ZONE,
    announced BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX lots_maturing ON lots (shop_id, available_at) WHERE NOT announced;

CREATE INDEX lots_of_member ON lots (shop_id, member_id);

CREATE INDEX lots_to_look_at ON lots (shop_id, look_at, id) WHERE points_left > 0;

CREATE TABLE member_names (
    shop_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    member_id BIGINT NOT NULL,
    PRIMARY KEY (shop_id, name, member_id)
);

CREATE TABLE member_tiers (
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    tier TEXT DEFAULT '' NOT NULL,
    since DATE,
    below_since DATE,
    stepped_until DATE,
    pinned BOOLEAN DEFAULT false NOT NULL,
    pinned_until DATE,
    lost_on DATE,
    look_on DATE,
    look_why TEXT DEFAULT '' NOT NULL,
    warned_days SMALLINT,
    warned_on DATE,
    tagged TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (shop_id, member_id)
);

CREATE INDEX member_tiers_look ON member_tiers (shop_id, look_on) WHERE look_on IS NOT NULL;

CREATE INDEX member_tiers_tier ON member_tiers (shop_id, tier);

CREATE TABLE members (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    customer_id BIGINT,
    email TEXT DEFAULT '' NOT NULL,
    email_key TEXT DEFAULT '' NOT NULL,
    first_name TEXT DEFAULT '' NOT NULL,
    last_name TEXT DEFAULT '' NOT NULL,
    locale TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT 'member' NOT NULL,
    merged_into BIGINT,
    balance BIGINT DEFAULT 0 NOT NULL,
    welcomed BOOLEAN DEFAULT false NOT NULL,
    debt BIGINT DEFAULT 0 NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_activity_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX members_activity ON members (shop_id, last_activity_at, id);

CREATE UNIQUE INDEX members_customer ON members (shop_id, customer_id) WHERE customer_id IS NOT NULL;

CREATE INDEX members_email ON members (shop_id, email_key);

CREATE UNIQUE INDEX members_guest ON members (shop_id, email_key) WHERE customer_id IS NULL AND state = 'guest';

CREATE INDEX members_newest ON members (shop_id, id);

CREATE INDEX members_points ON members (shop_id, balance, id);

CREATE TABLE messages (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT DEFAULT 'queued' NOT NULL,
    locale TEXT DEFAULT '' NOT NULL,
    mail_subject TEXT DEFAULT '' NOT NULL,
    last_error TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT messages_once UNIQUE (shop_id, kind, subject)
);

CREATE INDEX messages_member ON messages (shop_id, member_id);

CREATE INDEX messages_state ON messages (shop_id, state, id);

CREATE TABLE order_views (
    shop_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    member_id BIGINT,
    name TEXT DEFAULT '' NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE,
    triggered_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE,
    view JSONB,
    refunds JSONB,
    snapshot JSONB,
    posted JSONB,
    deleted BOOLEAN DEFAULT false NOT NULL,
    financial_status TEXT DEFAULT '' NOT NULL,
    waiting_for TEXT DEFAULT '' NOT NULL,
    total_minor BIGINT DEFAULT 0 NOT NULL,
    deserved BIGINT DEFAULT 0 NOT NULL,
    counted_minor BIGINT DEFAULT 0 NOT NULL,
    explanation JSONB,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id, order_id)
);

CREATE INDEX order_views_created ON order_views (shop_id, created_at);

CREATE INDEX order_views_member ON order_views (shop_id, member_id);

CREATE INDEX order_views_waiting ON order_views (shop_id) WHERE waiting_for <> '';

CREATE TABLE privacy_requests (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    result JSONB DEFAULT '{}' NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT privacy_requests_once UNIQUE (shop_id, kind, subject)
);

CREATE TABLE products (
    shop_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    tags TEXT[] DEFAULT '{}' NOT NULL,
    collections BIGINT[] DEFAULT '{}' NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id, product_id)
);

CREATE TABLE programme_versions (
    shop_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    rules JSONB DEFAULT '{}' NOT NULL,
    author TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    effective_from TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id, number)
);

CREATE TABLE redemptions (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    reward TEXT NOT NULL,
    subject TEXT NOT NULL,
    points BIGINT DEFAULT 0 NOT NULL,
    terms JSONB DEFAULT '{}' NOT NULL,
    state TEXT DEFAULT 'reserved' NOT NULL,
    code TEXT NOT NULL,
    code_state TEXT DEFAULT 'wanted' NOT NULL,
    shopify_id TEXT DEFAULT '' NOT NULL,
    captured_by_order BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    given_back BOOLEAN DEFAULT false NOT NULL,
    ended_why TEXT DEFAULT '' NOT NULL,
    ended_by TEXT DEFAULT '' NOT NULL,
    secret BYTEA,
    PRIMARY KEY (id),
    CONSTRAINT redemptions_once UNIQUE (shop_id, reward, subject)
);

CREATE UNIQUE INDEX redemptions_code ON redemptions (shop_id, upper(code));

CREATE INDEX redemptions_created ON redemptions (shop_id, created_at);

CREATE INDEX redemptions_member ON redemptions (shop_id, member_id);

CREATE INDEX redemptions_open ON redemptions (shop_id, expires_at) WHERE points > 0 AND state = 'reserved';

CREATE INDEX redemptions_order ON redemptions (shop_id, captured_by_order) WHERE points > 0;

CREATE TABLE shop_tokens (
    shop_id BIGSERIAL NOT NULL,
    access_token BYTEA NOT NULL,
    access_expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    refresh_token BYTEA NOT NULL,
    refresh_expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id)
);

CREATE TABLE shops (
    id BIGSERIAL NOT NULL,
    domain TEXT NOT NULL,
    state TEXT DEFAULT 'installed' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    currency TEXT DEFAULT 'USD' NOT NULL,
    timezone TEXT DEFAULT 'UTC' NOT NULL,
    locale TEXT DEFAULT 'en' NOT NULL,
    brand JSONB DEFAULT '{}' NOT NULL,
    settings JSONB DEFAULT '{}' NOT NULL,
    scopes TEXT[] DEFAULT '{}' NOT NULL,
    needs_reopen BOOLEAN DEFAULT false NOT NULL,
    installed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    uninstalled_at TIMESTAMP WITH TIME ZONE,
    reconciled_until TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (domain)
);

CREATE TABLE staff_log (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    detail JSONB DEFAULT '{}' NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX staff_log_shop ON staff_log (shop_id, id);

CREATE TABLE tier_events (
    id BIGSERIAL NOT NULL,
    shop_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_tier TEXT DEFAULT '' NOT NULL,
    to_tier TEXT DEFAULT '' NOT NULL,
    because TEXT NOT NULL,
    actor TEXT NOT NULL,
    programme_version INTEGER NOT NULL,
    reasons JSONB DEFAULT '[]' NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX tier_events_member ON tier_events (shop_id, member_id, id);
