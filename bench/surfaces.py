"""How fast the surfaces are answered at a big shop: each call of the shopper API, asked by one member after another."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import jwt
import requests

from bench import big
from bench.orders import CUSTOMER, ORDER
from bench.place import Database, Place, Server, processor_seconds
from bench.table import Line
from plugin.rules.activities.activity_rules import Birthday, Social
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.rewards.kinds import AmountOff, FreeShipping, PercentOff, Slider
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import Buyer, OrderView
from plugin.rules.types import Line as OrderLine
from plugin.store.database.bulk import to_json
from plugin.store.database.db import shop_transaction
from plugin.store.orders.stored_order import view_json
from plugin.store.versions import programmes

LOOKS, WARM, CALL_MS = 60, 4, 50
RULES = Programme(
    rewards=(AmountOff(id="rfive", name="5 off", points=100, value=5, minimum_order=20),
             PercentOff(id="rten", name="Ten", points=300, value=10, collections={6}),
             FreeShipping(id="rship", name="Shipping", points=200),
             Slider(id="rany", name="Any", points=50, step=10, most=5000, value=1)),
    tiers=Tiers(levels=(Tier(key="silver", name="Silver", enter=Decimal(100)),
                        Tier(key="gold", name="Gold", enter=Decimal(1000), multiplier=Decimal(2)))),
    activities=(Birthday(id="abirth", name="Birthday", points=50),
                Social(id="afollow", name="Follow", points=5, network="instagram", url="https://instagram.com/x")),
    orders=OrderEarning(rules=(OrderRule(key="twice", name="Twice", effect="multiplier", multiplier=Decimal(2),
                                         tags={"new"}),)),
    referrals=Referrals(enabled=True),
)  # fmt: skip


def measure(place: Place, entries: int, members: int) -> list[Line]:
    """Every call that a surface makes while somebody waits."""
    database, shop = big.make(place, "suki_surfaces", entries, members)
    with shop_transaction(database.engine, shop) as conn:
        programmes.add(conn, shop, RULES, "bench", "", datetime.now(UTC))
    asked = [1 + look * 7919 % max(1, entries) for look in range(LOOKS + WARM)]
    _whole_orders(database, asked)
    return calls(place, database, asked, members)


def _whole_orders(database: Database, asked: list[int]) -> None:
    """The orders that are asked for are no stand-ins."""
    now = datetime.now(UTC)
    view = OrderView(1, "#1", now, now, now, "USD", "paid", Buyer(), (OrderLine(1, "Tea", 2, 2, 450),), total_minor=900)
    ids = ", ".join(str(ORDER - number) for number in asked)
    text = to_json(view_json(view)).replace("'", "''")
    database.run(f"UPDATE order_views SET view = '{text}'::jsonb WHERE order_id IN ({ids})")


def _cart(lines: int) -> dict[str, Any]:
    goods = [{"product_id": 1000 + n, "variant_id": 1 + n, "quantity": 1, "price": "9.90"} for n in range(lines)]
    return {"currency": "USD", "lines": goods}


def calls(place: Place, database: Database, numbers: list[int], members: int) -> list[Line]:
    """Asked over HTTP with a token of each member's own; what counts is the answer's last byte."""
    asked: dict[str, tuple[Callable[[int], str], Any]] = {
        "me": (lambda _: "/me", None),
        "programme": (lambda _: "/programme", None),
        "rewards": (lambda _: "/rewards", None),
        "held": (lambda _: "/held", None),
        "entries": (lambda _: "/entries", None),
        "activities": (lambda _: "/activities", None),
        "invitation": (lambda _: "/invitation", None),
        "an order": (lambda number: f"/orders/{ORDER - number}", None),
        "a cart of 10 lines": (lambda _: "/cart", _cart(10)),
        "a cart of 500 lines": (lambda _: "/cart", _cart(500)),
    }
    with place.web(database) as web:
        return [_line(place, web, name, *each, numbers, members) for name, each in asked.items()]


def _line(
    place: Place, web: Server, name: str, path: Callable[[int], str], said: Any, numbers: list[int], members: int
) -> Line:
    times = []
    used = 0.0
    with requests.Session() as session:
        for look, number in enumerate(numbers):
            token = _token(place.secret, CUSTOMER + number % members)
            started = time.perf_counter()
            address = f"http://127.0.0.1:{web.port}/shopper/v1{path(number)}"
            headers = {"Authorization": f"Bearer {token}"}
            if look == WARM:
                used = -processor_seconds(web.pid, place.postgres())
            answer = session.request("POST" if said else "GET", address, json=said, timeout=30, headers=headers)
            if look >= WARM:
                times.append((time.perf_counter() - started) * 1000)
            answer.raise_for_status()
    used = (used + processor_seconds(web.pid, place.postgres())) / len(times) * 1000
    slowest = statistics.quantiles(times, n=20)[-1]
    return Line(
        f"shopper API, {name}: 95th percentile at {members:,} members",
        f"{slowest:.0f} ms, {statistics.median(times):.0f} ms in the middle",
        f"≤ {CALL_MS} ms",
        slowest <= CALL_MS,
        f"{used:.1f} ms of a processor for one call, the database's included",
        {"p95_ms": slowest, "median_ms": statistics.median(times), "processor_ms": used, "members": members},
    )


def _token(secret: str, customer: int) -> str:
    now = datetime.now(UTC)
    said = {"dest": big.DOMAIN, "aud": "bench", "sub": f"gid://shopify/Customer/{customer}", "nbf": now, "iat": now,
            "exp": now + timedelta(minutes=5)}  # fmt: skip
    return jwt.encode(said, secret, algorithm="HS256")
