"""From link to payout and back: every path of a referral, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.members.merge_members import merge_members
from plugin.errors import NotFound
from plugin.rules.referrals.referral_rules import Referrals, Thanks
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.reports import audit
from plugin.store.shops import shops
from tests import payloads
from tests.actions.referrals.referral_town import RULES, START, Town, advocate, open_town


@pytest.fixture
def town(engine: Engine, shop: Any) -> Iterator[Town]:
    made = open_town(engine, shop.id)
    yield made
    with shop_transaction(engine, shop.id) as conn:
        assert audit.mismatches(conn, shop.id) == []


def test_a_referral_from_link_to_payout(town: Town) -> None:
    claim = town.claim()
    assert claim.code is not None
    assert claim.code.terms["kind"] == "percent_off"
    assert town.state(claim) == ("claimed", "")
    town.hear(town.order(1, claim, first_name="Ben"))
    assert town.state(claim) == ("approved", "in_return_window")
    assert town.balance() == 0
    town.run(days=13)
    assert town.balance() == 0
    town.run(days=1)
    assert town.state(claim) == ("paid", "referral")
    assert town.balance() == 500
    assert town.rows("SELECT kind, points, subject, line FROM entries WHERE kind LIKE 'referral%%'") == [
        ("referral", 500, f"referral:{claim.referral.id}", 1)
    ]
    assert town.mails() == ["referral_code", "referral_ordered", "referral_paid"]


def test_replays_and_duplicates_change_nothing(town: Town) -> None:
    claim = town.claim()
    order = town.order(1, claim)
    town.hear(order, order)
    town.run(days=15)
    town.hear(order)
    town.run()
    assert town.balance() == 500
    assert len(town.mails()) == 3


@pytest.mark.parametrize(
    "lost",
    [{"cancelled_at": "2027-12-10T00:00:00Z"}, {"financial_status": "refunded"}, {"financial_status": "voided"}],
)
def test_what_was_paid_is_taken_back_when_the_order_is_lost_and_paid_again_when_it_is_not(
    town: Town, lost: dict[str, Any]
) -> None:
    claim = town.claim()
    town.hear(town.order(1, claim))
    town.run(days=14)
    assert town.balance() == 500
    town.hear(town.again(1, **lost))
    assert town.state(claim) == ("reversed", "friends_order_lost")
    assert town.balance() == 0
    assert town.mails()[-1] == "referral_ended"
    town.hear(town.again(1, cancelled_at=None, financial_status="paid"))
    assert town.state(claim) == ("paid", "referral")
    assert town.balance() == 500
    lines = town.rows("SELECT points, line FROM entries WHERE subject LIKE 'referral:%%' ORDER BY line")
    assert lines == [(500, 1), (-500, 2), (500, 3)]


def test_a_partial_refund_below_the_minimum_takes_it_back(town: Town) -> None:
    claim = town.claim()
    lines = [payloads.line(1, "15.00"), payloads.line(2, "10.00")]
    town.hear(town.order(1, claim, line_items=lines, total_price="25.00"))
    town.run(days=14)
    assert town.balance() == 500
    town.hear(town.refund(1, (2, 1, 10.0)))
    assert town.state(claim) == ("reversed", "friends_order_small")
    assert town.balance() == 0


def test_the_facts_decide_in_whatever_order_they_come(town: Town) -> None:
    ends = set()
    for n, order in enumerate(permutations(range(3))):
        town.now = START + timedelta(days=n)
        claim = town.claim(f"ben{n}@example.org")
        number = 10 * (n + 1)
        bought = dict(town.order(number, claim, f"ben{n}@example.org"))
        lost = dict(town.again(number, cancelled_at=town.now.isoformat()))
        back = dict(town.again(number, cancelled_at=None))
        for which in order:
            town.hear((bought, lost, back)[which])
        town.run(days=20)
        ends.add(town.state(claim)[0])
    assert ends == {"paid"}
    assert town.balance() == 500 * 6


def test_an_order_paid_later_waits_for_the_payment(town: Town) -> None:
    claim = town.claim()
    town.hear(town.order(1, claim, financial_status="pending"))
    assert town.state(claim)[0] == "ordered"
    town.run(days=20)
    assert town.balance() == 0
    town.hear(town.again(1, financial_status="paid"))
    assert town.balance() == 500


def test_a_code_that_nobody_used_expires_and_the_friend_may_claim_again(town: Town) -> None:
    claim = town.claim()
    town.run(days=40)
    assert town.state(claim) == ("expired", "code_unused")
    assert town.rows("SELECT email, state FROM members WHERE id <> 1 ORDER BY id")[-1] == ("", "erased")
    assert town.rows("SELECT friend_key FROM referrals") == [("",)]
    again = town.claim()
    assert again.referral.id != claim.referral.id
    town.run()
    assert town.state(again)[0] == "claimed"


def test_switched_off_nothing_can_be_claimed_and_what_runs_is_settled(town: Town) -> None:
    word, claim = town.link(), town.claim()
    town.publish(Referrals())
    with pytest.raises(NotFound):
        town.claim("carl@example.org", word=word)
    town.hear(town.order(1, claim))
    town.run(days=14)
    assert town.balance() == 500


def test_a_friend_merged_into_the_advocate_was_an_own_referral(town: Town) -> None:
    claim = town.claim()
    town.hear(town.order(1, claim))
    town.run(days=14)
    before = town.balance()
    with shop_transaction(town.engine, town.shop_id) as conn:
        shop = shops.get(conn, town.shop_id)
        friend = members.by_customers(conn, town.shop_id, [101])[101]
        merge_members(conn, shop, kept=town.ana, removed=friend.id, now=town.now)
    town.run()
    assert town.state(claim)[0] == "refused"
    assert town.balance() == before - 500 + friend.balance


def test_a_merged_advocate_keeps_the_link_and_the_reward_and_is_not_paid_twice(town: Town) -> None:
    word, paid, open_one = town.link(), town.claim(), town.claim("carl@example.org")
    town.hear(town.order(1, paid))
    town.run(days=14)
    kept = advocate(town, 9, "ana.reyes@example.net")
    with shop_transaction(town.engine, town.shop_id) as conn:
        merge_members(conn, shops.get(conn, town.shop_id), kept=kept, removed=town.ana, now=town.now)
    town.run()
    assert town.balance(kept) == 500
    town.hear(town.order(2, open_one, "carl@example.org"))
    town.run(days=14)
    assert town.balance(kept) == 1000
    assert town.link(kept) == word
    town.hear(town.again(1, cancelled_at=town.now.isoformat()))
    assert (town.balance(kept), town.balance(town.ana)) == (500, 0)


def test_not_the_first_order_pays_nothing(town: Town) -> None:
    claim = town.claim()
    customer = {"id": 55, "email": "ben@example.org", "created_at": town.now.isoformat()}
    first = dict(town.order(1, None, customer=customer))
    town.now += timedelta(hours=1)
    town.hear(town.order(2, claim, customer=customer))
    assert town.state(claim)[0] == "approved"
    town.hear(first)  # heard of late
    assert town.state(claim) == ("refused", "not_first_order")
    assert town.mails()[-1] == "referral_ended"


def test_a_code_as_the_reward_is_given_taken_back_and_given_anew(town: Town) -> None:
    town.publish(RULES.model_copy(update={"advocate": Thanks(kind="code"), "hold_days": 0}))
    claim = town.claim()
    town.hear(town.order(1, claim))
    gift = town.found(claim).gift_id
    assert gift is not None
    rows = "SELECT reward, member_id, code_state, points FROM redemptions WHERE reward = 'radvocate' ORDER BY id"
    assert town.rows(rows) == [("radvocate", town.ana, "wanted", 0)]
    town.run()
    town.hear(town.again(1, cancelled_at=town.now.isoformat()))
    assert town.rows(rows) == [("radvocate", town.ana, "unwanted", 0)]
    town.hear(town.again(1, cancelled_at=None))
    assert len(town.rows(rows)) == 2
    assert town.found(claim).gift_id != gift


def test_a_programme_that_clamps_at_zero_forgives_and_sets_off(town: Town) -> None:
    town.publish(RULES.model_copy(update={"hold_days": 0}), below_zero="clamp")
    claim = town.claim()
    town.hear(town.order(1, claim))
    with shop_transaction(town.engine, town.shop_id) as conn:
        from plugin.store.points.ledger import Entry, Ledger

        accounts = Ledger(conn, town.shop_id, [town.ana])
        accounts.post([Entry(town.ana, "adjusted", -400, "staff:1", 1, town.now, "test")], town.now)
        accounts.write()
    town.hear(town.again(1, cancelled_at=town.now.isoformat()))
    assert town.balance() == 0
    town.hear(town.again(1, cancelled_at=None))
    assert town.balance() == 100


def test_rules_changed_after_the_claim_change_nothing_for_it(town: Town) -> None:
    claim = town.claim()
    town.publish(RULES.model_copy(update={"advocate": Thanks(points=9), "hold_days": 0}))
    town.hear(town.order(1, claim))
    town.run()
    assert town.state(claim)[0] == "approved"
    town.run(days=14)
    assert town.balance() == 500
