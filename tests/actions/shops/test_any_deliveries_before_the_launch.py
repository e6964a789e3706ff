"""Whatever Shopify tells of a shop that is not launched, in any order and any number of times, reaches nobody but test
members: nothing is written down for others, no job is about them, and the store's pages tell them nothing."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.actions.shops import launch_programme
from plugin.app import create_app
from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.gifts.automatic_rules import Milestone
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from tests import payloads
from tests.actions.reports.town import Town
from tests.reached import reach, reaches
from tests.web.shopper.test_shopper import Storefront

PEOPLE = {"ana": 7, "ben": 8, "guest": None}
PROGRAMME = Programme(
    welcome_points=25,
    rewards=(AmountOff(id="r1", name="5 off", points=5, value=Decimal(5)),),
    tiers=PRESETS["orders"],
    milestones=(Milestone(id="m1", name="First", metric="orders", at=1, points=15),),
    activities=(Birthday(id="a1", name="Birthday", points=9),),
    referrals=Referrals(enabled=True),
)
PAGES = ("", "rewards", "history", "earn", "friends/abc")
WHAT = ("orders", "again", "pays", "refunds", "cancels", "deletes", "is told of", "has consent")
STEPS = [*itertools.product(WHAT, PEOPLE), ("is tried", "ana"), ("is tried no more", "ana")]


@dataclass
class Draft:
    """A shop that was never launched, and what was ordered in it; each delivery may come twice, and old ones late."""

    town: Town
    orders: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tried: bool = False

    def tell(self, topic: str, body: dict[str, Any]) -> None:
        self.town.tell(topic, body)

    def of(self, who: str) -> list[dict[str, Any]]:
        return [body for whose, body in self.orders if whose == who]

    def does(self, what: str, who: str) -> None:
        self.town.now += timedelta(minutes=1)
        email, number = f"{who}@example.com", PEOPLE[who]
        known = payloads.customer(number, email=email) if number else None
        if what == "orders":
            at, status = self.town.now.isoformat(), "pending" if len(self.orders) % 3 == 2 else "paid"
            body = payloads.order(len(self.orders) + 1, customer=known, email=email, created_at=at, processed_at=at,
                                  updated_at=at, financial_status=status)  # fmt: skip
            self.orders.append((who, body))
            self.tell("orders/create", body)
        elif what in ("is told of", "has consent") and known:
            consent = {"state": "subscribed", "consent_updated_at": self.town.now.isoformat()}
            self.tell("customers/update", known | {"email_marketing_consent": consent})
        elif what.startswith("is tried"):
            self.tries(what == "is tried")
        else:
            self.changes(what, self.of(who))

    def changes(self, what: str, orders: list[dict[str, Any]]) -> None:
        for body in orders[-2:]:
            now = {"updated_at": self.town.now.isoformat()}
            if what == "again":
                self.tell("orders/updated", body)
            elif what == "pays":
                body.update(now, financial_status="paid")
                self.tell("orders/paid", body)
            elif what == "refunds":
                refund = payloads.refund(body["id"], amount="49.95")
                body.update(now, financial_status="refunded", refunds=[refund])
                self.tell("orders/updated", body)
            elif what == "cancels":
                body.update(now, cancelled_at=self.town.now.isoformat())
                self.tell("orders/cancelled", body)
            else:
                self.tell("orders/delete", {"id": body["id"]})

    def tries(self, test: bool) -> None:
        if not self.town.rows("SELECT 1 FROM members WHERE customer_id = 7 AND state = 'member'"):
            return
        who, self.tried = self.town.member(7), test
        with shop_transaction(self.town.engine, self.town.shop_id) as conn:
            launch_programme.try_as(conn, self.town.shop(), who, "staff:1", self.town.now, test=test)


def begun(engine: Engine) -> Draft:
    town = Town.new(engine, "Asia/Manila", "USD", PROGRAMME)
    with system_transaction(engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft', launched_at = NULL WHERE id = %s", (town.shop_id,))
    return Draft(town)


@reaches(ana_got=0.1, others_ordered=0.5)
@given(st.booleans(), st.lists(st.sampled_from(STEPS), min_size=6, max_size=16))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_deliveries_of_a_draft_reach_anybody_but_test_members(
    engine: Engine, live_settings: Settings, already: bool, steps: list[tuple[str, str]]
) -> None:
    draft = begun(engine)
    if already:
        steps = [("orders", "ana"), ("is tried", "ana"), *steps]
    for what, who in steps:
        draft.does(what, who)
    if draft.of("ben") or draft.of("guest"):
        reach("others_ordered")
    if draft.town.rows("SELECT 1 FROM messages"):
        reach("ana_got")
    nothing_is_written_of_others(draft)
    nothing_is_shown_to_others(draft, live_settings)


def nothing_is_written_of_others(draft: Draft) -> None:
    rows, others = draft.town.rows, "member_id IN (SELECT id FROM members WHERE customer_id IS DISTINCT FROM 7)"
    for table in ("entries", "lots", "messages", "redemptions", "credits", "gifts", "tier_changes", "activity_records"):
        assert rows(f"SELECT * FROM {table} WHERE {others}") == [], table
    about = {kind for (kind,) in rows(
        "SELECT DISTINCT kind FROM jobs WHERE kind IN ('push_member', 'push_profile', 'tier_tag') AND subject IN"
        " (SELECT id::text FROM members WHERE customer_id IS DISTINCT FROM 7)")}  # fmt: skip
    assert about == set()
    assert rows("SELECT balance FROM members WHERE customer_id IS DISTINCT FROM 7 AND balance <> 0") == []
    if not rows("SELECT 1 FROM staff_log WHERE action = 'add_test_member'"):
        assert (
            rows("SELECT * FROM messages") == rows("SELECT * FROM entries") == rows("SELECT * FROM redemptions") == []
        )


def nothing_is_shown_to_others(draft: Draft, live_settings: Settings) -> None:
    secret = SecretStr("shpss_0123456789abcdef0123456789abcdef")
    known = live_settings.model_copy(update={"shopify_api_secret": secret})
    app, domain = create_app(known, draft.town.engine), draft.town.shop().domain
    for customer in ("", "8"):
        for path in PAGES:
            answer = Storefront(app, known, domain, customer).get(f"/proxy/{path}")
            said = answer.text.partition("</style>")[2]
            assert answer.status_code == 404
            assert [word for word in ("point", "reward", "Bronze", "5 off") if word in said] == []
