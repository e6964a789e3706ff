"""The property: of what somebody left anywhere, an erasure leaves nothing, in any column of any table."""

from __future__ import annotations

import orjson
import psycopg

from plugin.actions.points.audit import audit
from plugin.actions.privacy import erasing_shop
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries
from tests.actions.members.test_privacy import request_result
from tests.actions.privacy.looking import Opener, columns, where
from tests.actions.privacy.planting import account, first_order, plant, say
from tests.actions.privacy.test_erasing_a_shop import asked
from tests.actions.stage import Stage

ANA, BEN = 7_000_000_000_001, 7_000_000_000_002
DROPPED_WITH_ANYBODY = {
    "imports.problems",
    "imports.note",
    "imports.headings",
    "imports.columns",
} | {"import_parts.lines"}
"""Files that wait, and lines that were wrong, may name anybody."""
OUR_OWN_WORDS = """
api_keys.scopes events.kind event_readers.name
activity_records.activity activity_records.counted_as access_log.kind access_log.what access_log.fields code_calls.state
code_sets.purpose code_sets.state credits.currency credits.state customer_facts.email_consent deliveries.body_state
deliveries.topic donations.currency donation_payouts.currency entries.kind export_parts.section fulfilments.state
reading_differences.state
gifts.state imports.state inbox.state intake_counters.reason jobs.kind jobs.state member_tiers.look_why members.state
messages.cause messages.kind messages.language messages.nature messages.state
order_views.financial_status order_views.waiting_for
own_keys.purpose privacy_requests.kind
redemptions.code_state redemptions.ended_why redemptions.state referral_marks.kind referrals.decision referrals.state
pauses.what shops.paused shops.stage
order_facts.why_not order_facts.currency order_facts.country survey_answers.survey
email_optouts.kind email_optouts.by members.chosen_locale provider_calls.source returned_mails.detail
returned_mails.source returned_mails.what suppressions.detail suppressions.source suppressions.why
members.source member_facets.consent member_facets.source member_facets.state member_facets.who
endpoints.kinds endpoints.off_because endpoints.state outgoing_webhooks.kind outgoing_webhooks.state
bulk_acts.act bulk_acts.state bulk_act_members.why
referrals.why referral_claims.locale set_codes.state shops.state staff_log.action tier_changes.because gifts.why
"""
NUMBERS_AND_KEYS = """
access_log.actor access_log.subject code_calls.creation code_sets.created_by code_sets.shopify_id code_sets.terms_key
credits.subject deliveries.api_version deliveries.event_id deliveries.webhook_id delivery_ids.webhook_id
donation_payouts.actor entries.actor entries.subject entry_notes.subject fulfilments.actor gifts.occasion gifts.rule
paces.at paces.who second_steps.purpose second_steps.subject referral_claims.nonce
imports.actor imports.choices imports.totals import_members.before member_origins.source
form_answers.key form_answers.location
jobs.payload jobs.subject messages.subject order_views.posted
order_views.refunds order_views.snapshot privacy_requests.marks privacy_requests.opened_by privacy_requests.subject
products.collections programme_versions.author programme_withdrawals.actor redemptions.ended_by redemptions.reward
redemptions.shopify_id redemptions.subject referral_blocks.actor referral_blocks.value referral_marks.subject
reading_differences.decided_by order_facts.source
referrals.decided_by referrals.signs staff.account staff_log.actor tier_batches.actor tier_batches.before
events.subject events.payload events.xid event_readers.from_xid event_readers.until_xid
survey_answers.answer_key provider_calls.key provider_calls.digest returned_mails.key suppressions.lifted_by
survey_answers.answer_key email_versions.kind email_versions.author email_drafts.kind email_drafts.author
own_names.author
past_runs.actor past_runs.bulk_id past_runs.place past_runs.state past_runs.totals
mailings.made_by mailings.bought mailings.state mailings.key mailings.language mailings.tier member_views.made_by
bulk_acts.actor bulk_acts.key bulk_acts.member_ids bulk_acts.wanted bulk_act_members.before
tier_batches.key tier_changes.actor order_views.name
"""
KEYED_HASHES = """
checkouts_left.cart_hash checkouts_left.token_hash
access_log.search api_keys.secret_hash pool_codes.mark referral_marks.address referral_marks.ip referral_marks.name
referral_claims.ip referral_claims.net referral_marks.net referral_marks.phone referrals.friend_key
"""
MADE_BY_US = """
endpoints.secret endpoints.former_secret
api_keys.ending own_keys.secret redemptions.code member_codes.code referral_claims.word referral_links.word
secret_keys.name
secret_keys.proof set_codes.code second_steps.prefix own_cluster.system_identifier
"""
THE_MERCHANTS_OWN = """
endpoints.conditions endpoints.made_by endpoints.name endpoints.url
api_keys.made_by api_keys.name code_sets.last_error code_sets.name code_sets.terms donation_payouts.cause
donation_payouts.note donations.cause gifts.terms member_tiers.tagged member_tiers.tier pool_codes.reward
mailings.name mailings.texts mailings.code known_goods.title known_goods.picture known_goods.kind
bulk_acts.terms member_facets.tier member_views.asked member_views.name member_views.name_key
own_names.before own_names.language own_names.names
email_drafts.before email_drafts.content email_versions.content email_versions.note
pool_codes.secret products.tags programme_versions.note programme_versions.rules redemptions.terms referral_blocks.note
shop_tokens.access_token shop_tokens.refresh_token shops.brand shops.currency shops.domain shops.email shops.locale
member_stats.segment survey_answers.segment survey_answers.tier
shops.name shops.scopes shops.settings shops.timezone staff.email staff.name staff.role staff_log.subject
tier_batches.tier tier_changes.from_tier tier_changes.to_tier
"""
SAYS_WHOM_ONLY_UNTIL_IT_IS_DONE = "privacy_requests.result"
UNREACHED = frozenset(
    " ".join(
        (SAYS_WHOM_ONLY_UNTIL_IT_IS_DONE, OUR_OWN_WORDS, NUMBERS_AND_KEYS, KEYED_HASHES, MADE_BY_US, THE_MERCHANTS_OWN)
    ).split()
)
"""Columns into which no words of a customer get: what stands in them is named above."""


def known(keeper: psycopg.Connection) -> set[str]:
    return {f"{table}.{column}" for table, column, _ in columns(keeper)}


def test_what_somebody_left_anywhere_is_gone_and_nobody_elses_is(stage: Stage, keeper: psycopg.Connection) -> None:
    """In more than thirty places; what an exported file says of them as well."""
    lock = Opener(stage.work.clients.settings, keeper)
    ben, ana = plant(stage, "b", BEN, keeper), plant(stage, "a", ANA, keeper)
    bens, reached = (where(keeper, one, stage.shop_id, lock) for one in (ben, ana))
    assert len(ana.words) > 50
    assert reached | UNREACHED == known(keeper)
    assert reached & UNREACHED == set()
    request = {"customer": {"id": ANA, "email": ana.email("email")}, "orders_to_redact": [first_order(ANA)]}
    say(stage, "customers/redact", request)
    stage.settle()
    assert request_result(stage, "customers/redact")["known"] is True
    assert where(keeper, ana, stage.shop_id, lock) == set()
    assert where(keeper, ben, stage.shop_id, lock) == bens - DROPPED_WITH_ANYBODY
    assert audit(stage.engine) == []


def test_what_somebody_left_anywhere_goes_with_the_shop_and_not_from_another(
    stage: Stage, keeper: psycopg.Connection
) -> None:
    lock = Opener(stage.work.clients.settings, keeper)
    ana = plant(stage, "a", ANA, keeper)
    with system_transaction(stage.engine) as conn:
        other = shops.add(conn, "other.myshopify.com", {}, stage.clock())
    with shop_transaction(stage.engine, other) as conn:
        body = orjson.dumps(account(ana, ANA))
        deliveries.add(conn, other, "w1", "customers/create", stage.clock(), body)
    stage.hear()
    others = where(keeper, ana, other, lock)
    assert {"members.email", "deliveries.body"} <= others
    request = asked(stage)
    while erasing_shop.one_transaction(stage.work, stage.shop_id, request):
        pass
    assert where(keeper, ana, stage.shop_id, lock) == set()
    assert where(keeper, ana, other, lock) == others
    assert audit(stage.engine) == []
