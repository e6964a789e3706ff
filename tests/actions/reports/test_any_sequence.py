"""Whatever happens, in whatever order: what was kept step by step is what a rebuild finds, and what an oracle reads."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.tables import redemptions
from tests import payloads
from tests.actions.reports import bodies, oracle
from tests.actions.reports.oracle import Found, Told
from tests.actions.reports.town import Town
from tests.actions.test_audit_and_replay import merge

ZONES = ("Asia/Manila", "America/Los_Angeles", "UTC")
START = datetime(2026, 1, 30, 13, tzinfo=UTC)
OURS = "SUKI-1"
CUSTOMERS = (1, 2, 3, 4)
LINES = st.lists(
    st.fixed_dictionaries({
        "product": st.sampled_from((None, 11, 12, 13)), "units": st.integers(1, 3), "price": st.integers(0, 9),
        "off": st.integers(0, 2), "kind": st.sampled_from(("good", "good", "good", "gift_card", "tip")),
    }), min_size=1, max_size=3,
)  # fmt: skip
"""Prices are in coins of 6.00, so that a fifth of tax, and every unit's share, is a whole number of cents."""
GENERATED = st.fixed_dictionaries({
    "lines": LINES, "buyer": st.sampled_from((*CUSTOMERS, *CUSTOMERS, "guest", None)), "hours": st.integers(0, 2400),
    "imported": st.booleans(), "test": st.sampled_from((False, False, False, True)), "included": st.booleans(),
    "tax": st.booleans(), "paid": st.sampled_from(("paid", "paid", "paid", "pending", "authorized", "voided")),
    "code": st.sampled_from((None, OURS.lower(), "OTHERS")), "shipping": st.booleans(),
    "country": st.sampled_from(("", "PH", "US")),
})  # fmt: skip


class Facts(RuleBasedStateMachine):
    """`bodies` are the orders as Shopify has them; `people` says who became whom."""

    engine: Engine
    checked = 0

    @initialize(
        on_creation=st.booleans(), zone=st.sampled_from(ZONES), first=st.lists(GENERATED, min_size=5, max_size=7)
    )
    def open(self, on_creation: bool, zone: str, first: list[dict[str, Any]]) -> None:
        self.on_creation, self.zone, self.currency = on_creation, zone, "USD"
        award = "created" if on_creation else "paid"
        programme = Programme.model_validate({"earning": {"award_on": award}})
        self.town = Town.new(self.engine, zone, "USD", programme)
        self.bodies: dict[int, dict[str, Any]] = {}
        self.buyers: dict[int, object] = {}
        self.deleted: set[int] = set()
        self.into: dict[object, object] = {}
        self.forgotten: dict[object, int] = {}
        self.at = START
        with shop_transaction(self.engine, self.town.shop_id) as conn:
            row = {"shop_id": self.town.shop_id, "member_id": 0, "reward": "r1", "subject": "test:1", "code": OURS}
            conn.execute(redemptions.insert().values(**row, points=0, state="captured", code_state="created"))
        for made in first:
            self._order(made)
        self.check()  # from here on what is kept is kept step by step

    def person(self, buyer: object) -> object:
        """Who that is by now."""
        while buyer in self.into:
            buyer = self.into[buyer]
        return buyer

    @rule(made=GENERATED)
    def order(self, made: dict[str, Any]) -> None:
        self._order(made)

    def _order(self, made: dict[str, Any]) -> None:
        if self.person(made["buyer"]) in self.forgotten:
            return  # whoever was forgotten and comes back is somebody new: another test's
        key = len(self.bodies) + 1
        self.at += timedelta(minutes=1)
        placed = START + timedelta(hours=made["hours"])
        lines = [bodies.line(key * 10 + place, each, made) for place, each in enumerate(made["lines"])]
        buyer = made["buyer"]
        email = "guest@example.com" if buyer == "guest" else f"{buyer}@example.com" if buyer else None
        customer = payloads.customer(buyer, email=email) if buyer in CUSTOMERS else None
        took = sum(oracle.cents(each["amount"]) for line in lines for each in line["discount_allocations"])
        codes = [  # theirs took half of it
            {"code": code, "amount": f"{took / 200:.2f}", "type": "fixed_amount"} for code in (made["code"], "HALF")
        ]
        self.bodies[key] = payloads.order(
            key, lines, customer=customer, email=email, currency=self.currency, processed_at=placed.isoformat(),
            created_at=(START + timedelta(days=150) if made["imported"] else placed).isoformat(),
            financial_status=made["paid"], test=made["test"], taxes_included=made["included"],
            discount_codes=codes if took else [], total_outstanding="0.00",
            shipping_lines=[{"id": key * 10 + 9, "price": "6.00", "tax_lines": []}] if made["shipping"] else [],
            shipping_address={"country_code": made["country"], "province_code": "X"} if made["country"] else None,
        )  # fmt: skip
        body = self.bodies[key]
        body["total_price"] = f"{(bodies.whole(body) / 100):.2f}"
        if made["paid"] in ("pending", "authorized"):
            body["total_outstanding"] = body["total_price"]
        self.buyers[key] = buyer
        self.arrives(key)

    def arrives(self, key: int) -> None:
        self.at += timedelta(minutes=1)
        self.bodies[key]["updated_at"] = self.at.isoformat()
        self.deleted.discard(key)
        self.town.now = max(self.town.now, self.at)
        self.town.tell("orders/updated", copy.deepcopy(self.bodies[key]))

    def some(self, data: st.DataObject, *states: str) -> int | None:
        found = [
            key for key, body in self.bodies.items()
            if body["financial_status"] in states and self.person(self.buyers[key]) not in self.forgotten
        ]  # fmt: skip
        return data.draw(st.sampled_from(found)) if found else None

    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        if key := self.some(data, "pending", "authorized"):
            self.bodies[key] |= {"financial_status": "paid", "total_outstanding": "0.00"}
            self.arrives(key)

    @rule(data=st.data())
    def give_a_unit_back(self, data: st.DataObject) -> None:
        """Its money goes back with it, as long as none was given back for nothing."""
        key = self.some(data, "paid", "partially_refunded")
        if key is None or any(one["order_adjustments"] for one in self.bodies[key]["refunds"]):
            return
        body = self.bodies[key]
        left = [line for line in body["line_items"] if line["current_quantity"] and "tip_payment_gateway" not in line]
        if not left:
            return
        line = data.draw(st.sampled_from(left))
        line["current_quantity"] -= 1
        off = sum(oracle.cents(each["amount"]) for each in line["discount_allocations"])
        net = (oracle.cents(line["price"]) * line["quantity"] - off) // line["quantity"]
        tax = sum(oracle.cents(each["price"]) for each in line["tax_lines"]) // line["quantity"]
        back = net + (0 if body["taxes_included"] else tax)
        body["refunds"].append(bodies.refund(key, body, back, (line["id"], net, tax)))
        self._say_state(key)

    @rule(data=st.data(), part=st.integers(1, 4))
    def give_money_back(self, data: st.DataObject, part: int) -> None:
        key = self.some(data, "paid", "partially_refunded")
        if key is None or (left := bodies.left(self.bodies[key])) < 4:
            return
        self.bodies[key]["refunds"].append(bodies.refund(key, self.bodies[key], left * part // 4))
        self._say_state(key)

    def _say_state(self, key: int) -> None:
        body = self.bodies[key]
        body["financial_status"] = "partially_refunded" if bodies.left(body) > 0 else "refunded"
        self.arrives(key)

    @rule(data=st.data(), line=LINES)
    def add_a_line(self, data: st.DataObject, line: list[dict[str, Any]]) -> None:
        """Staff edit a paid order, and the buyer pays for what is added."""
        key = self.some(data, "paid")
        if key is None or self.bodies[key]["refunds"]:
            return
        body = self.bodies[key]
        made = {"included": body["taxes_included"], "tax": False, "code": None}
        body["line_items"].append(bodies.line(key * 10 + 5 + len(body["line_items"]), line[0] | {"kind": "good"}, made))
        body["total_price"] = f"{bodies.whole(body) / 100:.2f}"
        self.arrives(key)

    @rule(data=st.data(), buyer=st.sampled_from(CUSTOMERS))
    def attach_somebody_else(self, data: st.DataObject, buyer: int) -> None:
        key = self.some(data, "paid", "pending")
        if key and self.person(buyer) not in self.forgotten:
            email = f"{buyer}@example.com"
            self.bodies[key] |= {"customer": payloads.customer(buyer, email=email), "email": email}
            self.buyers[key] = buyer
            self.arrives(key)

    @rule(data=st.data())
    def cancel_or_reopen(self, data: st.DataObject) -> None:
        if key := self.some(data, "paid", "pending", "refunded"):
            body = self.bodies[key]
            body["cancelled_at"] = None if body.get("cancelled_at") else self.at.isoformat()
            self.arrives(key)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if key := self.some(data, "paid", "pending", "partially_refunded"):
            self.deleted.add(key)
            self.town.now += timedelta(days=400)
            self.town.tell("orders/delete", {"id": key})
            self.at = self.town.now

    @rule(kept=st.sampled_from(CUSTOMERS), removed=st.sampled_from(CUSTOMERS))
    def merge(self, kept: int, removed: int) -> None:
        gone = {kept, removed} & (set(self.into) | set(self.forgotten))
        if kept != removed and not gone:
            self.town.tell("customers/merge", merge(kept=kept, removed=removed))
            self.into[removed] = kept

    @precondition(lambda self: len(self.bodies) > 3)
    @rule(customer=st.sampled_from(CUSTOMERS))
    def forget(self, customer: int) -> None:
        if customer in self.into or customer in self.forgotten:
            return
        if not self.town.rows(f"SELECT id FROM members WHERE customer_id = {customer}"):
            return
        self.forgotten[customer] = self.town.member(customer)
        self.town.erase(customer)

    @rule(zone=st.sampled_from(ZONES), currency=st.sampled_from(("USD", "USD", "EUR")))
    def move_the_shop(self, zone: str, currency: str) -> None:
        self.zone, self.currency = zone, currency
        self.town.describe(timezone=zone, currency=currency)

    @rule()
    def check(self) -> None:
        self.town.refresh()
        truth = self._truth()
        assert _apart(self._kept(), truth) == []
        type(self).checked += bool(truth[0])
        before = self.town.everything()
        assert self.town.rebuild(most=2) == 0
        assert self.town.everything() == before

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.check()

    def _truth(self) -> tuple[dict[int, Found], dict[object, object], dict[tuple[object, date], object]]:
        orders = {key: self._found(key) for key in self.bodies}
        counting: dict[object, list[Found]] = {}
        for each in orders.values():
            if not each.why_not and each.person is not None:
                counting.setdefault(each.person, []).append(each)
        every = [each.day for each in orders.values() if not each.why_not]
        first = min(every, default=date(2026, 1, 1)).replace(day=1)
        people = {self.person(buyer) for buyer in self.buyers.values()} - {None}
        stats = {one: oracle.person_stats(counting.get(one, []), self.currency, first) for one in people}
        months = {
            (one, month): row
            for one, mine in counting.items()
            for month, row in oracle.by_month(mine, self.currency).items()
        }
        return orders, dict(stats), dict(months)

    def _found(self, key: int) -> Found:
        person = self.person(self.buyers[key])
        told = Told(self.bodies[key], key in self.deleted, person, person in self.forgotten)
        return oracle.found(told, self.zone, {OURS}, on_creation=self.on_creation)

    def _kept(self) -> tuple[dict[int, Found], dict[object, object], dict[tuple[object, date], object]]:
        names: dict[int | None, object] = {None: None}
        for number, customer, email in self.town.rows("SELECT id, customer_id, email_key FROM members"):
            names[number] = customer or ("guest" if email else None)
        names |= {number: customer for customer, number in self.forgotten.items()}
        items: dict[int, dict[int, tuple[int, int]]] = {}
        for (key, product), (_, units, money) in self.town.items().items():
            items.setdefault(key, {})[product] = (units, money)
        facts = {
            key: Found(names[member], *rest, items.get(key, {}))
            for key, (member, *rest) in self.town.facts().items()
        }  # fmt: skip
        bought = {self.person(buyer) for buyer in self.buyers.values()}
        stats = {names[member]: row for member, row in self.town.stats().items() if names[member] in bought}
        months: dict[tuple[object, date], object] = {
            (names[member], month): row for (member, month), row in self.town.months().items()
        }
        return facts, dict(stats), months


def _apart(kept: Sequence[Any], truth: Sequence[Any]) -> list[tuple[object, object, object]]:
    """What is kept, and what is true, wherever they are not the same."""
    return [
        (key, ours.get(key), theirs.get(key))
        for ours, theirs in zip(kept, truth, strict=True)
        for key in {**ours, **theirs}
        if ours.get(key) != theirs.get(key)
    ]


def test_what_is_kept_is_what_a_rebuild_finds_and_an_oracle_reads(engine: Engine) -> None:
    machine = type("Facts", (Facts,), {"engine": engine, "checked": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=6, stateful_step_count=16, deadline=None, phases=[Phase.generate],
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    assert machine.checked >= 4, "most of the runs have orders"
