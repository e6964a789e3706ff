"""Customers are merged while their referrals, codes and things to do are settled: nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.members.merge_members import merge_members
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.points.audit import audit
from plugin.actions.privacy import find_person
from plugin.actions.privacy.erasing import Erasure, Step
from plugin.actions.referrals import claim_referral, judge_referrals
from plugin.actions.referrals.claim_referral import Claim
from plugin.actions.rewards import fulfil_rewards, redeem_points
from plugin.errors import Denied, NotYet
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_marks import Marks
from plugin.rules.referrals.referral_rules import Thanks
from plugin.rules.rewards.own_rewards import Custom
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.privacy import forgotten
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.referrals.referral_town import RULES, Town, advocate
from webhooks.orders import order as read_order

ROUNDS = 8
BY_HAND = Custom(id="rtour", name="A tour", points=50)
REFERRALS = RULES.model_copy(update={"advocate": Thanks(kind="code"), "hold_days": 0, "shadow": True})
PROGRAMME = Programme(referrals=REFERRALS, rewards=(BY_HAND,))
Doing = Callable[[Connection, Shop], object]


@pytest.fixture
def town(engine: Engine, shop: Any) -> Town:
    return Town(engine, start_programme(engine, shop.id, PROGRAMME))


def at_once(town: Town, *steps: Doing) -> None:
    """Carry the steps out at the same moment, each in a transaction of its own."""
    ready = Barrier(len(steps))

    def carry_out(step: Doing) -> None:
        with shop_transaction(town.engine, town.shop_id) as conn:
            shop = shops.get(conn, town.shop_id)
            ready.wait(10)
            try:
                step(conn, shop)
            except Denied:
                return

    with ThreadPoolExecutor(len(steps)) as pool:
        for each in [pool.submit(carry_out, step) for step in steps]:
            each.result(30)


def merging(town: Town, kept: int, removed: int) -> Doing:
    return lambda conn, shop: merge_members(conn, shop, kept=kept, removed=removed, now=town.now)


def judging(town: Town, claim: Claim) -> Doing:
    return lambda conn, shop: judge_referrals.judge(conn, shop, claim.referral.id, town.now)


def claiming(town: Town, word: str, email: str) -> Doing:
    return lambda conn, shop: claim_referral.claim(conn, shop, word, email, Marks(), None, "en", town.now)


def sharing(step: Doing) -> Doing:
    """As the inbox does it: nobody is forgotten meanwhile."""

    def shared(conn: Connection, shop: Shop) -> None:
        forgotten.share(conn, shop.id)
        step(conn, shop)

    return shared


def forgetting(town: Town, customer: int) -> Doing:
    def forget(_: Connection, shop: Shop) -> None:
        erasure = Erasure(customer_id=customer, customers=[customer])
        for _attempt in range(20):
            with suppress(NotYet), shop_transaction(town.engine, town.shop_id) as conn:
                find_person.find(Step(conn, shop, 1, b"key", town.now), erasure)
                return

    return forget


def settling(town: Town, customer: int, *numbers: int) -> Doing:
    who = payloads.customer(customer)
    bodies = [payloads.dumps(payloads.order(number, customer=who)) for number in numbers]
    facts = [read_order("orders/paid", town.now, body, "USD") for body in bodies]
    return lambda conn, shop: settle_orders(conn, shop, facts, town.now)


def undoing(town: Town, made: Redemption) -> Doing:
    return lambda conn, shop: redeem_points.undo(conn, shop, made.id, "undone", "shopper", town.now)


def cancelling(town: Town, made: Redemption) -> Doing:
    return lambda conn, shop: fulfil_rewards.cancel(conn, shop, made.id, "", "", "staff:1", town.now)


def two(town: Town, number: int) -> tuple[int, int]:
    """Two customers; the second has points."""
    kept, removed = (advocate(town, 1000 * number + each, f"ana{number}{each}@example.com") for each in (1, 2))
    with shop_transaction(town.engine, town.shop_id) as conn:
        accounts = Ledger(conn, town.shop_id, [removed])
        accounts.post([Entry(removed, "gift", 60, "gift:1", 1, town.now, "test")], town.now)
        accounts.write()
    return kept, removed


def test_an_advocate_is_merged_while_the_referral_is_settled(town: Town) -> None:
    for number in range(1, ROUNDS):
        kept, removed = two(town, number)
        email = f"ben{number}@example.org"
        claim = town.claim(email, town.link(removed))
        town.hear(town.order(number, claim, email), run=False)
        at_once(town, merging(town, kept, removed), judging(town, claim))
        town.run()
        assert (town.found(claim).member_id, town.state(claim)) == (kept, ("paid", "referral"))
    assert audit(town.engine) == []


def test_a_link_is_claimed_by_a_friend_into_whom_its_owner_is_merged(town: Town) -> None:
    for number in range(1, ROUNDS):
        kept, removed = two(town, number)
        claim = claiming(town, town.link(removed), f"ana{number}1@example.com")
        at_once(town, merging(town, kept, removed), claim)
    assert audit(town.engine) == []


def test_a_reward_goes_back_while_its_customer_is_merged(town: Town) -> None:
    for number in range(1, ROUNDS):
        kept, removed = two(town, number)
        with shop_transaction(town.engine, town.shop_id) as conn:
            shop = shops.get(conn, town.shop_id)
            made = redeem_points.redeem(conn, shop, removed, BY_HAND.id, None, "k", "shopper", town.now)
        undo, cancel = undoing(town, made), cancelling(town, made)
        at_once(town, merging(town, kept, removed), undo, cancel)
        assert (town.balance(kept), town.balance(removed)) == (60, 0)
        with shop_transaction(town.engine, town.shop_id) as conn:
            found = redemptions.get(conn, town.shop_id, made.id)
        assert found is not None
        assert found.state == "released"
    assert audit(town.engine) == []


def test_a_customer_is_forgotten_while_their_orders_are_settled_and_another_is_merged_into_them(town: Town) -> None:
    with shop_transaction(town.engine, town.shop_id) as conn:
        tiers = Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(10)),))
        programmes.add(conn, town.shop_id, PROGRAMME.model_copy(update={"tiers": tiers}), "test", "", town.now)
    for number in range(1, ROUNDS):
        kept, removed = two(town, number)
        first, second = (1000 * number + each for each in (1, 2))
        numbers = [100 * number + each for each in range(6)]
        at_once(town, settling(town, first, *numbers[:4]), settling(town, second, *numbers[4:]))
        again = settling(town, first, *numbers)
        at_once(town, forgetting(town, first), sharing(merging(town, kept, removed)), sharing(again))
        with shop_transaction(town.engine, town.shop_id) as conn:
            one = members.get(conn, town.shop_id, kept)
        assert one is not None
        assert (one.state, one.customer_id, one.email) == ("erased", None, "")
    assert audit(town.engine) == []
