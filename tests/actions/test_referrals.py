"""From link to payout and back: every path of a referral, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions import claim_referral, review_referrals
from plugin.actions.claim_referral import Claim
from plugin.actions.merge_members import merge_members
from plugin.actions.work import Work
from plugin.errors import Denied, NotFound
from plugin.rules.programme import Programme
from plugin.rules.referral_marks import Marks, Traces, marks
from plugin.rules.referral_rules import Referrals, Thanks
from plugin.rules.types import Buyer
from plugin.store import audit, deliveries, members, programmes, redemptions, referral_marks, referrals, shops
from plugin.store.db import shop_transaction
from plugin.store.members import Member
from plugin.store.referrals import Referral
from tests import payloads
from tests.actions.test_settle_orders import start_programme
from webhooks.inbox import process_waiting

START = (datetime.now(UTC).replace(day=1) + timedelta(days=41)).replace(day=10, hour=12, minute=0)
"""Within a month, and later than what PostgreSQL writes down as now."""
RULES = Referrals(enabled=True, hold_days=14, minimum_order=20)
KEY = b"key"
NO_TRACES = Traces()


@dataclass
class Town:
    """A shop with an advocate, and a clock."""

    engine: Engine
    shop_id: int
    now: datetime = START
    sent: int = 0
    ana: int = 0
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)

    def link(self, member_id: int | None = None) -> str:
        with shop_transaction(self.engine, self.shop_id) as conn:
            member = members.get(conn, self.shop_id, member_id or self.ana)
            assert member is not None
            link = claim_referral.link_for(conn, shops.get(conn, self.shop_id), member, self.now)
        assert link is not None
        return link.word

    def claim(self, email: str = "ben@example.org", word: str = "", traces: Traces = NO_TRACES,
              customer: int | None = None) -> Claim:  # fmt: skip
        word = word or self.link()
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            found = marks(KEY, self.shop_id, traces)
            return claim_referral.claim(conn, shop, word, email, found, customer, "en", self.now)

    def order(self, number: int, claim: Claim | None, email: str = "ben@example.org", **more: Any) -> dict[str, Any]:
        """The friend's paid order with the code, in another case."""
        at = self.now.isoformat()
        codes = [{"code": claim.code.code.lower(), "amount": "5.00", "type": "percentage"}] if claim else []
        who = more.pop("customer", {"id": 100 + number, "email": email, "created_at": at})
        body = payloads.order(number, customer=who, email=email, discount_codes=codes, **more)
        self.orders[number] = body | {"created_at": at, "processed_at": at, "updated_at": at}
        return self.orders[number]

    def hear(self, *bodies: dict[str, Any], run: bool = True) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            for body in bodies:
                self.sent += 1
                raw = payloads.dumps(body)
                deliveries.add(conn, self.shop_id, f"w{self.sent}", "orders/updated", self.now, raw)
        while process_waiting(self.engine, lambda: self.now, key=KEY):
            pass
        if run:
            self.run()

    def refund(self, number: int, *lines: tuple[int, int, float]) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        body = self.orders[number]
        body |= {"refunds": [payloads.refund(1, *lines)], "updated_at": self.now.isoformat()}
        return body

    def again(self, number: int, **changes: Any) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        self.orders[number] |= {"updated_at": self.now.isoformat(), **changes}
        return self.orders[number]

    def run(self, **later: float) -> None:
        self.now += timedelta(**later)
        work = Work(self.engine, None, None, lambda: self.now)  # type: ignore[arg-type]
        while jobs.run(work, self.shop_id, "referral"):
            pass

    def found(self, claim: Claim) -> Referral:
        with shop_transaction(self.engine, self.shop_id) as conn:
            found = referrals.get(conn, self.shop_id, claim.referral.id)
        assert found is not None
        return found

    def state(self, claim: Claim) -> tuple[str, str]:
        found = self.found(claim)
        return found.state, found.why.code if found.why else ""

    def balance(self, member_id: int | None = None) -> int:
        return self.member(member_id or self.ana).balance

    def member(self, member_id: int) -> Member:
        with shop_transaction(self.engine, self.shop_id) as conn:
            assert audit.mismatches(conn, self.shop_id) == []
            found = members.get(conn, self.shop_id, member_id)
        assert found is not None
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    def mails(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT kind FROM messages WHERE kind LIKE 'referral%%' ORDER BY id")]

    def publish(self, rules: Referrals, **more: Any) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            programmes.add(conn, self.shop_id, Programme(referrals=rules, **more), "test", "", self.now)

    def decide(self, claim: Claim, what: str) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            review_referrals.decide(conn, shop, [claim.referral.id], what, "", "staff:1", self.now)
        self.run()


def advocate(town: Town, number: int, email: str, first: str = "Ana", last: str = "Reyes") -> int:
    with shop_transaction(town.engine, town.shop_id) as conn:
        buyer = Buyer(customer_id=number, email=email, first_name=first, last_name=last)
        members.add(conn, town.shop_id, [buyer], {buyer: START - timedelta(days=30)})
        return members.by_customers(conn, town.shop_id, [number])[number].id


@pytest.fixture
def town(engine: Engine, shop: Any) -> Iterator[Town]:
    start_programme(engine, shop.id, Programme(referrals=RULES, basis={"test_orders": False}))
    made = Town(engine, shop.id)
    made.ana = advocate(made, 7, "ana@example.com")
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
    assert town.claim().referral.id != claim.referral.id


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


def test_switched_off_nothing_can_be_claimed_and_what_runs_is_settled(town: Town) -> None:
    word, claim = town.link(), town.claim()
    town.publish(Referrals())
    with pytest.raises(NotFound):
        town.claim("carl@example.org", word=word)
    town.hear(town.order(1, claim))
    town.run(days=14)
    assert town.balance() == 500


def test_a_tries_limit_for_each_address(town: Town) -> None:
    found = Marks(ip="somewhere")
    with shop_transaction(town.engine, town.shop_id) as conn:
        shop = shops.get(conn, town.shop_id)
        tries = [claim_referral.note_try(conn, shop, found, f"n{n}", town.now) for n in range(12)]
        elsewhere = claim_referral.note_try(conn, shop, Marks(ip="elsewhere"), "x", town.now)
        nowhere = [claim_referral.note_try(conn, shop, Marks(), f"m{n}", town.now) for n in range(12)]
    assert tries == [True] * 10 + [False] * 2
    assert elsewhere
    assert all(nowhere)


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
    town.hear(town.again(2))
    assert town.state(claim) == ("refused", "not_first_order")
    assert town.mails()[-1] == "referral_ended"


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
        from plugin.store.ledger import Entry, Ledger

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


def test_hashes_only_are_kept_and_for_90_days(town: Town) -> None:
    claim = town.claim(traces=Traces(ip="203.0.113.5", agent="Mozilla"))
    town.hear(town.order(1, claim, shipping_address=SHIPPING, browser_ip="203.0.113.5"))
    kept = str(town.rows("SELECT * FROM referral_marks"))
    for secret in ("Mabini", "0917", "203.0.113.5", "Mozilla"):
        assert secret not in kept
    assert town.rows("SELECT count(*) FROM referral_marks") == [(2,)]
    work = Work(town.engine, None, None, lambda: town.now + timedelta(days=89))  # type: ignore[arg-type]
    assert jobs.forget_marks(work) == 0
    work = Work(town.engine, None, None, lambda: START + timedelta(days=91))  # type: ignore[arg-type]
    jobs.forget_marks(work)
    assert town.rows("SELECT count(*) FROM referral_marks") == [(0,)]


def test_without_referrals_nothing_is_kept_of_buyers(town: Town) -> None:
    town.publish(Referrals())
    town.now += timedelta(minutes=1)
    town.hear(town.order(1, None, shipping_address=SHIPPING))
    assert town.rows("SELECT 1 FROM referral_marks") == []
