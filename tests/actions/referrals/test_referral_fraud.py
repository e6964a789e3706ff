"""Who may claim, what looks suspicious, what is kept of people, and the caps."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.members import forget_member
from plugin.actions.referrals import referral_traces
from plugin.actions.work.work import Work
from plugin.errors import Denied, NotFound
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_marks import Traces, marks
from plugin.rules.referrals.referral_rules import Referrals
from plugin.store.database.db import shop_transaction
from plugin.store.referrals import referral_marks
from plugin.store.reports import audit
from plugin.store.rewards import redemptions
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.referrals.referral_town import KEY, RULES, START, Town, advocate, open_town


@pytest.fixture
def town(engine: Engine, shop: Any) -> Iterator[Town]:
    made = open_town(engine, shop.id)
    yield made
    with shop_transaction(engine, shop.id) as conn:
        assert audit.mismatches(conn, shop.id) == []


@pytest.mark.parametrize(
    ("email", "customer", "why"),
    [
        ("ANA+x@example.com", None, "own_link"),
        ("ben@example.org", 7, "own_link"),
        ("ben@example", None, "email_malformed"),
        ("<script>@example.org", None, "email_malformed"),
        ("ben@blocked.example", None, "claim_blocked"),
    ],
)
def test_a_claim_is_refused_with_a_reason(town: Town, email: str, customer: int | None, why: str) -> None:
    with shop_transaction(town.engine, town.shop_id) as conn:
        referral_marks.block(conn, town.shop_id, "domain:blocked.example", "", "staff:1", town.now)
    with pytest.raises(Denied) as refused:
        town.claim(email, customer=customer)
    assert refused.value.code == why
    assert town.rows("SELECT 1 FROM referrals") == []


def test_one_mailbox_claims_once_and_buyers_are_no_friends(town: Town) -> None:
    town.claim("ben@example.org")
    carla = advocate(town, 8, "carla@example.com", "Carla", "Diaz")
    for again in ("ben@example.org", "BEN+two@example.org"):
        with pytest.raises(Denied, match="cannot be claimed") as refused:
            town.claim(again, word=town.link(carla))
        assert refused.value.code == "claimed_before"
    town.hear(town.order(1, None, "dan@example.org"))
    with pytest.raises(Denied):
        town.claim("dan@example.org")


def test_a_link_takes_so_many_claims_a_day(town: Town) -> None:
    town.publish(RULES.model_copy(update={"claims_per_day": 2}))
    for n in range(2):
        town.claim(f"friend{n}@example.org")
    with pytest.raises(Denied) as refused:
        town.claim("friend3@example.org")
    assert refused.value.code == "link_full_today"
    town.now += timedelta(days=1)
    town.claim("friend3@example.org")


def test_two_claims_at_once_on_a_link_with_one_place_left(town: Town) -> None:
    town.publish(RULES.model_copy(update={"claims_per_day": 1}))
    word = town.link()

    def one(n: int) -> bool:
        try:
            town.claim(f"friend{n}@example.org", word=word)
        except Denied:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 1


def test_the_same_friend_at_two_links_at_once_gets_one_code(town: Town) -> None:
    carla = advocate(town, 8, "carla@example.com", "Carla", "Diaz")
    words = [town.link(), town.link(carla)]

    def one(word: str) -> bool:
        try:
            town.claim(word=word)
        except Denied:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, words * 3)) == 1
    assert town.rows("SELECT count(*) FROM redemptions") == [(1,)]


def test_a_word_of_another_shop_or_of_nobody_is_not_found(town: Town, other_shop: Any) -> None:
    start_programme(town.engine, other_shop.id, Programme(referrals=RULES))
    other = Town(town.engine, other_shop.id)
    for word in (town.link(), "nobody", "x" * 500, "'; --"):
        with pytest.raises(NotFound):
            other.claim(word=word)


SHIPPING = {"address1": "12 Mabini", "zip": "1200", "country_code": "PH", "name": "X", "phone": "09171234567"}


def test_shared_address_and_phone_hold_the_reward_and_staff_decide(town: Town) -> None:
    customer = {"id": 7, "email": "ana@example.com", "created_at": "2026-10-01T00:00:00Z"}
    town.hear(town.order(1, None, "ana@example.com", customer=customer, shipping_address=SHIPPING))
    before = town.balance()
    claim, other = town.claim(), town.claim("carl@example.org")
    town.hear(town.order(2, claim, shipping_address=SHIPPING | {"phone": "+63 917 123 4567", "name": "Ben"}))
    town.hear(town.order(3, other, "carl@example.org", shipping_address=SHIPPING | {"name": "Carl"}))
    for one in (claim, other):
        assert town.state(one) == ("refused", "suspicious")  # 60 + 40
        assert town.found(one).signs == {"same_phone", "same_address"}
    town.decide(claim, "approved")
    town.run(days=14)
    assert town.state(claim)[0] == "paid"
    assert town.balance() - before == 500
    town.decide(claim, "refused")
    assert town.state(claim) == ("refused", "refused_by_staff")
    assert town.balance() == before
    assert [row[0] for row in town.rows("SELECT action FROM staff_log ORDER BY id")] == ["decide_referral"] * 2


def test_what_is_held_stays_held_and_the_friend_keeps_the_discount(town: Town) -> None:
    net = Traces(ip="203.0.113.5", agent="Mozilla")
    with shop_transaction(town.engine, town.shop_id) as conn:
        referral_marks.note(conn, town.shop_id, "visit", {"7": (town.ana, marks(KEY, town.shop_id, net))}, town.now)
    claim = town.claim(traces=net)
    browser = {"browser_ip": "203.0.113.6", "user_agent": "Mozilla"}
    town.hear(town.order(1, claim, "other@example.org", client_details=browser))
    assert town.state(claim) == ("held", "in_review")
    assert town.found(claim).score == 80
    town.run(days=60)
    assert town.balance() == 0
    with shop_transaction(town.engine, town.shop_id) as conn:
        code = redemptions.get(conn, town.shop_id, claim.code.id)  # type: ignore[union-attr]
    assert code is not None
    assert code.state == "captured"


def test_in_shadow_mode_suspicion_is_written_down_and_changes_nothing(town: Town) -> None:
    town.publish(RULES.model_copy(update={"shadow": True}))
    claim = town.claim()
    town.hear(town.order(1, claim, "ana+2@example.com"))
    assert "same_email" in town.found(claim).signs
    town.run(days=14)
    assert town.balance() == 500


def test_the_advocates_own_order_is_never_a_referral(town: Town) -> None:
    town.publish(RULES.model_copy(update={"shadow": True}))
    claim = town.claim()
    customer = {"id": 7, "email": "ana@example.com", "created_at": "2026-10-01T00:00:00Z"}
    town.hear(town.order(1, claim, "ana@example.com", customer=customer))
    assert town.state(claim) == ("refused", "suspicious")
    assert "own_order" in town.found(claim).signs


def test_caps_count_the_earliest_orders_and_a_lost_one_makes_room(town: Town) -> None:
    town.publish(RULES.model_copy(update={"per_month": 2, "hold_days": 0}))
    claims = [town.claim(f"f{n}@example.org") for n in range(3)]
    bodies = []
    for n, claim in enumerate(claims):
        town.now += timedelta(minutes=5)
        bodies.append(town.order(n + 1, claim, f"f{n}@example.org"))
    for body in reversed(bodies):  # the last is heard of first
        town.hear(body)
    assert [town.state(claim)[0] for claim in claims] == ["paid", "paid", "refused"]
    assert town.state(claims[2])[1] == "cap_month"
    assert town.balance() == 1000
    town.hear(town.again(1, cancelled_at=town.now.isoformat()))
    assert [town.state(claim)[0] for claim in claims] == ["reversed", "paid", "paid"]
    assert town.balance() == 1000


def test_the_cap_in_total(town: Town) -> None:
    town.publish(RULES.model_copy(update={"in_total": 1, "hold_days": 0}))
    one, two = town.claim(), town.claim("carl@example.org")
    town.hear(town.order(1, one))
    town.now += timedelta(days=40)
    town.hear(town.order(2, two, "carl@example.org"))
    assert town.state(two) == ("refused", "cap_total")


def test_hashes_only_are_kept_and_for_90_days(town: Town) -> None:
    claim = town.claim(traces=Traces(ip="203.0.113.5", agent="Mozilla"))
    town.hear(town.order(1, claim, shipping_address=SHIPPING, browser_ip="203.0.113.5"))
    kept = str(town.rows("SELECT * FROM referral_marks"))
    for secret in ("Mabini", "0917", "203.0.113.5", "Mozilla"):
        assert secret not in kept
    assert town.rows("SELECT count(*) FROM referral_marks") == [(2,)]
    work = Work(town.engine, None, None, lambda: town.now + timedelta(days=89))  # type: ignore[arg-type]
    assert referral_traces.forget_old(work) == 0
    work = Work(town.engine, None, None, lambda: START + timedelta(days=91))  # type: ignore[arg-type]
    referral_traces.forget_old(work)
    assert town.rows("SELECT count(*) FROM referral_marks") == [(0,)]


@pytest.mark.parametrize(("who", "again"), [("advocate", False), ("friend", True)])
def test_who_is_forgotten_leaves_the_other_ones_hashes(town: Town, who: str, again: bool) -> None:
    """An advocate's erasure does not let their friend claim a second time, and a friend's takes all marks of it."""
    claim = town.claim(traces=Traces(ip="203.0.113.5", agent="Mozilla"))
    carla = town.link(advocate(town, 8, "carla@example.com", "Carla", "Diaz"))
    with shop_transaction(town.engine, town.shop_id) as conn:
        gone = town.ana if who == "advocate" else claim.referral.friend_id
        forget_member.forget(conn, town.shop_id, gone, START)
    marks_left = town.rows("SELECT count(*) FROM referral_marks WHERE kind = 'claim'")[0][0]
    assert (town.found(claim).friend_key == "", marks_left) == (again, 0 if again else 1)
    if again:
        town.claim(word=carla)
    else:
        with pytest.raises(Denied) as refused:
            town.claim(word=carla)
        assert refused.value.code == "claimed_before"


def test_without_referrals_nothing_is_kept_of_buyers(town: Town) -> None:
    town.publish(Referrals())
    town.now += timedelta(minutes=1)
    town.hear(town.order(1, None, shipping_address=SHIPPING))
    assert town.rows("SELECT 1 FROM referral_marks") == []
