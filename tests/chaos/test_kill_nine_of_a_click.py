"""`kill -9` of whoever redeems, takes back or captures, at each moment: no points nor code are lost or there twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.points.audit import audit
from plugin.rules.programme import Earning, NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.work import deliveries
from sandbox.shop.discounts import status
from sandbox.state import Record
from sandbox.webhooks import payloads
from tests import payloads as bodies
from tests.actions.world import World, a_world
from tests.chaos import one_click
from tests.conftest import ShopRow, TestDatabase
from webhooks.inbox import process_waiting

ROOT = Path(__file__).parents[2]
PROGRAMME = Programme(
    earning=Earning(points=0),
    rewards=(AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5)),),
    next_order_code=NextOrderCode(enabled=False),
    confirmation="none",
)
GIVEN = 250
MOMENTS = (*one_click.REDEEMING, *one_click.TAKING_BACK, *one_click.CAPTURING)


def killed(world: World, database: TestDatabase, *clicks: dict[str, Any]) -> list[int]:
    """Processes of their own that do this; answers how each ended."""
    ours = world.work.clients.settings
    names = "app_url shopify_api_key shopify_shop_url smtp_host smtp_port mail_from data_dir".split()
    settings = {name: getattr(ours, name) for name in names}
    settings |= {
        "shopify_api_secret": ours.shopify_api_secret.get_secret_value(),
        "encryption_keys": ours.encryption_keys.get_secret_value(),
        "smtp_security": "none",
    }
    told = [{"database": database.url, "shop_id": world.shop_id, "settings": settings} | one for one in clicks]
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.one_click"], input=json.dumps(told), cwd=ROOT, text=True,
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    found: list[int] = json.loads(done.stdout.splitlines()[-1])
    return found


def order_waits(world: World, customer: Record, code: str) -> None:
    """An order with the code is placed, and its webhook acknowledged."""
    order = world.buy(customer, code, tell=False)
    body = bodies.dumps(payloads.order_body(world.shopify, order))
    with shop_transaction(world.engine, world.shop_id) as conn:
        deliveries.add(conn, world.shop_id, "w1", "orders/updated", world.now, body)


def of(world: World, member: int) -> list[Redemption]:
    with shop_transaction(world.engine, world.shop_id) as conn:
        return redemptions.of_member(conn, world.shop_id, member)


def made_before(world: World, member: int) -> Redemption:
    made = world.redeem(member, "rfive", key="before")
    world.run()
    return world.found(made)


def nothing_is_lost_nor_there_twice(world: World, members: list[int]) -> Counter[str]:
    """Balance + reserved + used is what was given; every code that can be used stands behind a reservation."""
    states: Counter[str] = Counter()
    live = {}
    for member in members:
        held = of(world, member)
        states.update(one.state for one in held)
        with shop_transaction(world.engine, world.shop_id) as conn:
            asked = "SELECT balance FROM members WHERE id = %(id)s"
            balance = conn.exec_driver_sql(asked, {"id": member}).scalar_one()
        assert balance + sum(one.points for one in held if one.state in ("reserved", "captured")) == GIVEN
        live |= {one.code: one for one in held if one.state == "reserved"}
    in_shop = {one["codes"][0]["code"]: one for one in world.shopify.discount.values()}
    assert len(in_shop) == len(world.shopify.discount)
    unused = {
        code for code, one in in_shop.items() if status(one, world.now) == "ACTIVE" and not one["codes"][0]["uses"]
    }
    assert unused == set(live)
    assert all(one.code_state == "created" for one in live.values())
    assert world.waiting() == []
    return states


@pytest.fixture
def world(engine: Engine, settings: Settings, shop: ShopRow, tmp_path: Path) -> Iterator[World]:
    """A shop in a sandbox of its own; its books agree at the end."""
    with a_world(engine, settings, shop.id, shop.domain, PROGRAMME, tmp_path) as made:
        yield made
        assert audit(engine) == []


@pytest.fixture
def people(world: World) -> dict[str, tuple[int, Record]]:
    """A member for each moment."""
    return {moment: world.member(GIVEN) for moment in MOMENTS}


def test_a_click_that_is_killed_at_any_moment_ends_as_if_it_was_not(
    world: World, database: TestDatabase, people: dict[str, tuple[int, Record]]
) -> None:
    before = {moment: made_before(world, people[moment][0]) for moment in MOMENTS if moment not in one_click.REDEEMING}
    clicks = [
        {"dies": moment, "member": people[moment][0], "redemption": before[moment].id if moment in before else 0}
        for moment in MOMENTS
    ]
    order_waits(world, people["capturing"][1], before["capturing"].code)
    assert killed(world, database, *clicks) == [-9] * len(clicks)
    world.pass_time(minutes=5)
    while process_waiting(world.engine, lambda: world.now):
        pass
    world.run()
    states = nothing_is_lost_nor_there_twice(world, [member for member, _ in people.values()])
    assert states == {"reserved": 6, "released": 3, "captured": 1}
