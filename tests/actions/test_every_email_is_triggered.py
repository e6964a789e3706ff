"""For every kind of email something in the product writes one down: a kind that nothing triggers fails here.

Each scenario begins in a shop that has just been installed, and goes in by the doors that there are: webhooks, jobs,
the schedule, the shopper's pages, what staff do. A new kind needs a scenario; without one the first test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from plugin.actions.members import claim_points
from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.referrals import claim_referral
from plugin.actions.rewards import fulfil_rewards, redeem_points
from plugin.actions.tiers import set_tiers, watch_tiers
from plugin.actions.tiers.watch_tiers import ByHand
from plugin.app import create_app
from plugin.rules.message_kinds import MessageKind
from plugin.rules.referrals.referral_marks import Traces, marks
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from sandbox.state import Record
from tests.actions.emails.happenings import (
    FIVE,
    a_year_passed,
    ana,
    birthday_came,
    bought,
    checkout_left,
    code_about_to_end,
    customer_away,
    good_answer,
    mailing_planned,
    month_over,
    mug_in_reach,
    mug_not_used,
    mug_redeemed,
    mug_taken_back,
    order_delivered,
    ordered_for_the_first_time,
    ordered_twice,
    points_given,
    points_no_longer_pending,
    review_written,
    scheduled,
)
from tests.actions.stage import Stage
from tests.web.second_steps import asked
from tests.web.shopper.test_shopper import Storefront

SILVER = {"key": "silver", "name": "Silver", "enter": "20"}
TIERS = {"tiers": {"levels": [SILVER], "window": "rolling", "window_days": 30, "validity": "window"}}
HIGH = {"tiers": {"levels": [SILVER | {"enter": "1000"}]}}
TOUR = {"kind": "custom", "id": "rtour", "name": "A tour", "points": 10, "instructions": "Call them"}
FIRST = {"id": "mfirst", "name": "First", "points": 50, "reward": "rfive"}
FRIENDS = {"referrals": {"enabled": True, "hold_days": 14}}


def order_confirmed(stage: Stage) -> None:
    stage.buy()
    stage.settle()


def code_came_after_the_confirmation(stage: Stage) -> None:
    stage.buy()
    stage.hear()
    stage.town.trouble.set(graphql_5xx=1)
    stage.settle()
    stage.settle(minutes=31)
    assert kinds(stage) == ["order_confirmation"]
    stage.town.trouble.calm()
    stage.settle(hours=2)


def customer_welcomed(stage: Stage) -> None:
    bought(stage, confirmation="ours", welcome_points=10)


def points_about_to_expire(stage: Stage) -> None:
    bought(stage, expiry={"policy": "after_earning", "period": 40})
    scheduled(stage, "expire_points")
    assert kinds(stage) == []
    scheduled(stage, "expire_points", days=12)


def points_expired(stage: Stage) -> None:
    points_about_to_expire(stage)
    scheduled(stage, "expire_points", days=25)
    stage.settle(days=1)
    assert kinds(stage) == ["points_expiring", "points_expiring"]
    scheduled(stage, "expire_points", days=3)


def order_cancelled(stage: Stage) -> None:
    stage.town.box.cancel(stage.shop, bought(stage), stage.clock())
    stage.settle()


def points_taken_by_staff(stage: Stage) -> None:
    bought(stage)
    asked = Adjustment(ana(stage), "0" * 32, "adjusted", -3, "Counted twice", shown=True)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        adjust_points.adjust(conn, stage.shop_id, asked, "staff:1", stage.clock())


def reward_redeemed(stage: Stage) -> Redemption:
    bought(stage, rewards=[TOUR])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        return redeem_points.redeem(conn, shop, ana(stage), "rtour", None, "k", "shopper", stage.clock())


def reward_fulfilled(stage: Stage) -> None:
    made = reward_redeemed(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        fulfil_rewards.fulfil(conn, shop, made.id, "Booked", "At ten", "staff:1", stage.clock())


def reward_cancelled(stage: Stage) -> None:
    made = reward_redeemed(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        fulfil_rewards.cancel(conn, shop, made.id, "Oven broke", "Sorry", "staff:1", stage.clock())


def gift_given(stage: Stage) -> None:
    bought(stage, milestones=[FIRST], rewards=[FIVE])


def friend_claimed(stage: Stage) -> str:
    """The code that a friend of Ana's got."""
    bought(stage, **FRIENDS)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        advocate = members.get(conn, stage.shop_id, ana(stage))
        assert advocate is not None
        link = claim_referral.link_for(conn, shop, advocate, now)
        assert link is not None
        found = marks(b"key", stage.shop_id, Traces())
        claim = claim_referral.claim(conn, shop, link.word, "ben@example.org", found, None, "en", now)
    stage.settle()
    return claim.code.code


def friend_ordered(stage: Stage) -> Record:
    order = stage.buy("ben@example.org", codes=[friend_claimed(stage)])
    stage.settle()
    stage.settle(minutes=1)  # the payment may be heard of after the order
    return order


def advocate_paid(stage: Stage) -> None:
    friend_ordered(stage)
    stage.settle(days=15)


def referral_ended(stage: Stage) -> None:
    order = friend_ordered(stage)
    stage.town.box.cancel(stage.shop, order, stage.clock())
    stage.settle(minutes=5)


def tier_reached(stage: Stage) -> None:
    bought(stage, **TIERS)


def tier_set(stage: Stage) -> None:
    bought(stage, **HIGH)
    assert kinds(stage) == []
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        watch_tiers.set_tier(conn, shop, ana(stage), ByHand("silver"), "staff:1", stage.clock())


def tier_set_for_many(stage: Stage) -> int:
    bought(stage, **HIGH)
    assert kinds(stage) == []
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        wish = set_tiers.wish(conn, shop, ByHand("silver"), ["ana@example.com"], now)
        return set_tiers.set_tiers(conn, shop, wish, "key", "staff:1", now)


def tier_taken_back(stage: Stage) -> None:
    number = tier_set_for_many(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert set_tiers.undo(conn, shops.get(conn, stage.shop_id), number, "staff:1", stage.clock()) == 1


def tier_about_to_end(stage: Stage) -> None:
    bought(stage, **TIERS)
    scheduled(stage, "look_at_tiers", days=25)
    assert stage.rows("SELECT tier FROM member_tiers") == [("silver",)]


def tier_lost(stage: Stage) -> None:
    tier_about_to_end(stage)
    scheduled(stage, "look_at_tiers", days=6)
    assert stage.rows("SELECT tier FROM member_tiers") == [("",)]


def link_asked_for(stage: Stage) -> None:
    bought(stage)
    ours = stage.work.clients.settings
    app = create_app(ours, stage.engine)
    [(customer,)] = stage.rows("SELECT customer_id FROM members")
    front = Storefront(app, ours, stage.shop.domain, str(customer))
    assert "Check your email" in asked(front, "leave").text


def points_claimed(stage: Stage) -> None:
    """A guest buys, and asks on the thank-you page how to get the points."""
    order = stage.buy("guest@example.org", as_customer=False)
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        guest = members.guests_by_email(conn, stage.shop_id, [members.email_key("guest@example.org")])
        assert claim_points.ask(conn, shop, next(iter(guest.values())), order["id"], "en", now)


SCENARIOS: Final[tuple[tuple[MessageKind, Callable[[Stage], object]], ...]] = (
    (MessageKind.ORDER_CONFIRMATION, order_confirmed),
    (MessageKind.CART_LEFT, checkout_left),
    (MessageKind.CODE_READY, code_came_after_the_confirmation),
    (MessageKind.WELCOME, customer_welcomed),
    (MessageKind.POINTS_EXPIRING, points_about_to_expire),
    (MessageKind.POINTS_EXPIRED, points_expired),
    (MessageKind.POINTS_TAKEN_BACK, order_cancelled),
    (MessageKind.POINTS_TAKEN_BACK, points_taken_by_staff),
    (MessageKind.REWARD_DONE, reward_fulfilled),
    (MessageKind.REWARD_DONE, reward_cancelled),
    (MessageKind.REWARD_GIVEN, gift_given),
    (MessageKind.REFERRAL_CODE, friend_claimed),
    (MessageKind.REFERRAL_ORDERED, friend_ordered),
    (MessageKind.REFERRAL_PAID, advocate_paid),
    (MessageKind.REFERRAL_ENDED, referral_ended),
    (MessageKind.TIER_REACHED, tier_reached),
    (MessageKind.TIER_REACHED, tier_set),
    (MessageKind.TIER_REACHED, tier_set_for_many),
    (MessageKind.TIER_ENDING, tier_about_to_end),
    (MessageKind.TIER_LOST, tier_lost),
    (MessageKind.TIER_LOST, tier_taken_back),
    (MessageKind.REWARD_READY, mug_redeemed),
    (MessageKind.REWARD_RETURNED, mug_taken_back),
    (MessageKind.REWARD_RETURNED, mug_not_used),
    (MessageKind.POINTS_GIVEN, points_given),
    (MessageKind.POINTS_USABLE, points_no_longer_pending),
    (MessageKind.ACTIVITY_DONE, review_written),
    (MessageKind.BIRTHDAY, birthday_came),
    (MessageKind.ANNIVERSARY, a_year_passed),
    (MessageKind.THANK_YOU, ordered_for_the_first_time),
    (MessageKind.REWARD_ENDING, code_about_to_end),
    (MessageKind.WIN_BACK, customer_away),
    (MessageKind.REWARD_IN_REACH, mug_in_reach),
    (MessageKind.INVITE_FRIENDS, ordered_twice),
    (MessageKind.INVITE_FRIENDS, good_answer),
    (MessageKind.SURVEY_ASKED, order_delivered),
    (MessageKind.STATEMENT, month_over),
    (MessageKind.MAILING, mailing_planned),
    (MessageKind.SECOND_STEP, link_asked_for),
    (MessageKind.CLAIM, points_claimed),
)
"""What happens, and the kind of email that is to come of it last."""


def kinds(stage: Stage) -> list[str]:
    """The kinds of the emails that are written down, in that order."""
    return [str(kind) for (kind,) in stage.rows("SELECT kind FROM messages ORDER BY id")]


def test_every_kind_has_a_scenario() -> None:
    assert [kind for kind in MessageKind if kind not in dict(SCENARIOS)] == []


@pytest.mark.parametrize(("kind", "happens"), SCENARIOS, ids=[f"{kind}: {what.__name__}" for kind, what in SCENARIOS])
def test_it_is_written_down_once_when_that_happens(
    stage: Stage, kind: MessageKind, happens: Callable[[Stage], object]
) -> None:
    assert kinds(stage) == []
    happens(stage)
    assert kinds(stage).count(kind) == 1
