"""A shop with referrals on, an advocate, friends who claim and order, and a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.referrals import claim_referral, review_referrals
from plugin.actions.referrals.claim_referral import Claim
from plugin.actions.work.work import Work
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_marks import Traces, marks
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.referrals import referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.reports import audit
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.in_shop import InShop
from tests.actions.orders.test_settle_orders import start_programme
from webhooks.inbox import process_waiting

START = (datetime.now(UTC).replace(day=1) + timedelta(days=41)).replace(day=10, hour=12, minute=0)
"""Within a month, and later than what PostgreSQL writes down as now."""
RULES = Referrals(enabled=True, hold_days=14, minimum_order=20)
KEY = b"key"
NO_TRACES = Traces()


@dataclass
class Town(InShop):
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


def open_town(engine: Engine, shop_id: int) -> Town:
    """With referrals on, and Ana, who can invite."""
    start_programme(engine, shop_id, Programme(referrals=RULES))
    made = Town(engine, shop_id)
    made.ana = advocate(made, 7, "ana@example.com")
    return made
