"""What the tests of any sequence share: a shop whose orders are placed, refunded, cancelled and paid with codes.

A machine keeps its own oracle beside `orders` and `made`, which say only what people did.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, insert

from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.rewards import redeem_points
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.shops import launches, shops
from plugin.store.tables import shops as shops_table
from plugin.store.work import jobs
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from webhooks.orders import order as read_order

_numbers = itertools.count(1)


class Crash(Exception):
    """The process dies before it commits."""


class ShopMachine(RuleBasedStateMachine):
    """A shop of its own for each run. `made` are redemptions: whose, with which code, released, used by which order."""

    engine: Engine
    programme: Programme
    now: datetime

    def __init__(self) -> None:
        super().__init__()
        with system_transaction(self.engine) as conn:
            row = insert(shops_table).values(domain=f"m{next(_numbers)}.myshopify.com").returning(shops_table.c.id)
            shop_id = conn.execute(row).scalar_one()
            launches.launch(conn, shop_id, datetime.now(UTC))
        self.shop_id = start_programme(self.engine, shop_id, self.programme)
        self.orders: dict[int, dict[str, Any]] = {}
        self.made: dict[int, dict[str, Any]] = {}

    def holds(self, made: dict[str, Any]) -> bool:
        """Whether the redemption costs its points."""
        return not self.orders[made["order"]]["cancelled"] if made["order"] else not made["released"]

    @contextmanager
    def step(self, crash: bool = False) -> Iterator[Connection]:
        """One transaction; with a crash it never was."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            yield conn
            if crash:
                raise Crash

    def order(self, customer: int, amount: int, codes: tuple[str, ...] = ()) -> int:
        """Somebody orders; nobody has told the app yet."""
        key = len(self.orders) + 1
        self.orders[key] = {"customer": customer, "amount": amount, "refunds": [], "cancelled": False,
                            "codes": codes, "at": self.now}  # fmt: skip
        return key

    def arrive(self, key: int, crash: bool = False) -> None:
        """A delivery with the order as it is now, and every job that follows; after a crash it is done again."""
        self.now += timedelta(minutes=1)
        facts = [read_order("orders/updated", self.now, payloads.dumps(self._body(key)), "USD")]
        for dies in (True, False) if crash else (False,):
            try:
                with self.step(dies) as conn:
                    shop = shops.get(conn, self.shop_id)
                    follow_up(conn, shop, settle_orders(conn, shop, facts, self.now), facts, self.now)
            except Crash:
                continue
        with self.step() as conn:
            claimed = jobs.claim(conn, self.shop_id, "settle_redemption", 99, self.now)
            for job in claimed:
                redeem_points.post_redemption(conn, shops.get(conn, self.shop_id), int(job.subject), self.now)
            jobs.done(conn, self.shop_id, claimed)

    def _body(self, key: int) -> dict[str, Any]:
        order = self.orders[key]
        return payloads.order(
            key, [payloads.line(1, f"{order['amount']}.00")], customer=payloads.customer(order["customer"]),
            total_price=f"{order['amount']}.00", updated_at=self.now.isoformat(), created_at=order["at"].isoformat(),
            processed_at=order["at"].isoformat(), discount_codes=[{"code": code} for code in order["codes"]],
            cancelled_at=self.now.isoformat() if order["cancelled"] else None,
            refunds=[payloads.refund(n, amount=f"{part}.00") for n, part in enumerate(order["refunds"], key * 100)],
        )  # fmt: skip

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), crash=st.booleans())
    def refund(self, data: st.DataObject, crash: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.orders)))
        order = self.orders[key]
        if left := order["amount"] - sum(order["refunds"]):
            order["refunds"].append(data.draw(st.integers(1, left)))
        self.arrive(key, crash)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel_or_reopen(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.orders)))
        self.orders[key]["cancelled"] = not self.orders[key]["cancelled"]
        self.arrive(key)

    @precondition(lambda self: any(not r["order"] and not r["released"] for r in self.made.values()))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """Shopify has said that the code is disabled and unused; said twice, it is done once."""
        key = data.draw(st.sampled_from([k for k, r in self.made.items() if not r["order"] and not r["released"]]))
        for _ in range(2):
            with self.step() as conn:
                reward_uses.want_back(conn, self.shop_id, key, "undone", "shopper")
                found = redemptions.get(conn, self.shop_id, key)
                assert found is not None
                redeem_points.release(conn, shops.get(conn, self.shop_id), found, self.now)
        self.made[key]["released"] = True

    @precondition(lambda self: any(not r["order"] for r in self.made.values()))
    @rule(data=st.data(), amount=st.integers(1, 40))
    def use(self, data: st.DataObject, amount: int) -> None:
        """An order carries the code; also one that was thought unused and released."""
        made = self.made[data.draw(st.sampled_from([k for k, r in self.made.items() if not r["order"]]))]
        made["order"] = self.order(made["customer"], amount, (made["code"].lower(),))
        self.arrive(made["order"])


def run_machine(machine: type[ShopMachine], engine: Engine, part: int) -> None:
    """A few runs of many steps; what fails is told as it was, for shrinking would take hours on a real database.

    Where Hypothesis draws the same each time (CI), each part has a seed of its own: else all would run alike.
    """
    ready = type(machine.__name__, (machine,), {"engine": engine})
    run_state_machine_as_test(
        seed(part)(ready) if settings().derandomize else ready,
        settings=settings(max_examples=5, stateful_step_count=25, deadline=None, phases=[Phase.generate],
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
