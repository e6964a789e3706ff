"""Orders, refunds, redemptions, uses and releases in any sequence end as a few lines of arithmetic say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import Engine

from plugin.actions.rewards import redeem_points
from plugin.errors import Denied, Outdated
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.store.members import members
from plugin.store.reports import audit
from plugin.store.rewards import reward_uses
from plugin.store.shops import shops
from tests.actions.any_sequence import Crash, ShopMachine, run_machine

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROGRAMME = Programme(
    rewards=(
        AmountOff(id="rten", name="Ten", points=10, value=1, per_member=4),
        Slider(id="rany", name="Any", points=5, step=5, most=60, value=1),
        AmountOff(id="rlate", name="Late", points=10, value=1, deduct="ordered"),
        AmountOff(id="rpart", name="Part", points=20, value=1, back_on_refund="proportional"),
        AmountOff(id="rboth", name="Both", points=15, value=1, deduct="ordered", back_on_refund="proportional"),
    ),
    next_order_code=NextOrderCode(enabled=False),
    confirmation="none",
)
CUSTOMERS = (7, 8)
PRICES = {"rten": 10, "rlate": 10, "rpart": 20, "rboth": 15}
DEDUCTED_LATE = ("rlate", "rboth")
IN_PROPORTION = ("rpart", "rboth")


class Machine(ShopMachine):
    """What the app does, beside a small oracle: points by customer, and what each redemption is worth."""

    programme = PROGRAMME
    now = START

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[tuple[int, str, str], int] = {}

    # --- the oracle

    def points(self, customer: int) -> int:
        earned = sum(o["amount"] - sum(o["refunds"]) for o in self.orders.values()
                     if o["customer"] == customer and not o["cancelled"])  # fmt: skip
        return earned - sum(self.taken(r) for r in self.made.values() if r["customer"] == customer)

    def taken(self, made: dict[str, Any]) -> int:
        """What the ledger has of it: what is held back for an order that has not come yet is still there."""
        if not self.holds(made) or (made["order"] is None and made["reward"] in DEDUCTED_LATE):
            return 0
        if made["order"] is None or made["reward"] not in IN_PROPORTION:
            return int(made["points"])
        order = self.orders[made["order"]]
        return int(made["points"]) - made["points"] * sum(order["refunds"]) // order["amount"]

    def free(self, customer: int) -> int:
        """What can be spent: the balance without what is on hold."""
        mine = [r for r in self.made.values() if r["customer"] == customer and r["order"] is None and self.holds(r)]
        return self.points(customer) - sum(r["points"] for r in mine if r["reward"] in DEDUCTED_LATE)

    # --- the app

    @rule(customer=st.sampled_from(CUSTOMERS), amount=st.integers(1, 80), repeat=st.booleans())
    def place(self, customer: int, amount: int, repeat: bool) -> None:
        key = self.order(customer, amount)
        self.arrive(key)
        if repeat:
            self.arrive(key)

    @precondition(lambda self: self.orders)
    @rule(customer=st.sampled_from(CUSTOMERS), wish=st.one_of(st.sampled_from(sorted(PRICES)), st.integers(0, 70)),
          key=st.sampled_from("abcdefgh"), crash=st.booleans())  # fmt: skip
    def redeem(self, customer: int, wish: str | int, key: str, crash: bool) -> None:
        if customer not in {order["customer"] for order in self.orders.values()}:
            return
        reward, points = (wish, None) if isinstance(wish, str) else ("rany", wish)
        known = self.keys.get((customer, reward, key))
        wanted = self.allowed(customer, reward, points)
        assert not (known and self.booked_another(customer, reward, key))
        try:
            with self.step(crash) as conn:
                found = members.by_customers(conn, self.shop_id, [customer])[customer]
                shop = shops.get(conn, self.shop_id)
                made = redeem_points.redeem(conn, shop, found.id, reward, points, key, "shopper", self.now)
        except Crash:
            assert known or wanted
        except Outdated:
            assert self.booked_another(customer, reward, key)
        except Denied:
            assert not known and not wanted
        else:
            self.remember(customer, reward, key, made.id, made.code, PRICES.get(reward, points or 0), known, wanted)

    def booked_another(self, customer: int, reward: str, key: str) -> bool:
        return any((whose, by) == (customer, key) and of != reward for whose, of, by in self.keys)

    def remember(self, customer: int, reward: str, key: str, made: int, code: str, points: int, known: int | None,
                 wanted: bool) -> None:  # fmt: skip
        if known is not None:
            assert made == known
            return
        assert wanted
        self.keys[customer, reward, key] = made
        self.made[made] = {"customer": customer, "points": points, "code": code, "reward": reward,
                           "released": False, "order": None}  # fmt: skip

    def allowed(self, customer: int, reward: str, points: int | None) -> bool:
        if points is not None:
            return 5 <= points <= 60 and points % 5 == 0 and self.free(customer) >= points
        used = sum(self.holds(r) for r in self.made.values() if r["customer"] == customer and r["reward"] == "rten")
        return (reward != "rten" or used < 4) and self.free(customer) >= PRICES[reward]

    @invariant()
    def the_ledger_agrees(self) -> None:
        with self.step() as conn:
            found = members.by_customers(conn, self.shop_id, CUSTOMERS)
            assert audit.mismatches(conn, self.shop_id) == []
            held = reward_uses.on_hold(conn, self.shop_id, [found[c].id for c in found])
        assert {c: found[c].balance for c in found} == {c: self.points(c) for c in found}
        free = {c: found[c].balance - held.get(found[c].id, 0) for c in found}
        assert free == {c: self.free(c) for c in found}


@pytest.mark.parametrize("part", range(2))
def test_any_sequence_ends_as_the_oracle_says(engine: Engine, part: int) -> None:
    run_machine(Machine, engine, part)


class Chosen:
    """What hypothesis once drew, in its order."""

    def __init__(self, *values: int) -> None:
        self._values = iter(values)

    def draw(self, _choices: object) -> int:
        return next(self._values)


def test_what_paid_a_debt_on_its_way_back_does_not_come_back_again(engine: Engine) -> None:
    """Released into a debt, used after all, and the order then cancelled: the first find of the machine above."""
    machine = type("Machine", (Machine,), {"engine": engine})()
    machine.place(customer=7, amount=36, repeat=True)
    machine.redeem(customer=7, wish="rten", key="e", crash=False)
    machine.refund(data=Chosen(1, 34), crash=False)
    (made,) = machine.made
    machine.release(data=Chosen(made))
    machine.use(data=Chosen(made), amount=21)
    machine.cancel_or_reopen(data=Chosen(2))
    machine.the_ledger_agrees()
    machine.cancel_or_reopen(data=Chosen(2))
    machine.the_ledger_agrees()
