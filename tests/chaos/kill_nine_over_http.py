"""`kill -9` of web, worker and database at any moment while members redeem, use and give back over the wire.

It takes minutes, so its name keeps it out of the usual tests; `make test-long` runs it by
`CHAOS_CLICK_SEEDS=1,2,3 pytest tests/chaos/kill_nine_over_http.py`, once for each seed.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.points.audit import audit
from plugin.rules.programme import Earning, NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.rules.rewards.money_rewards import GiftCard, StoreCredit
from plugin.rules.types import Buyer
from plugin.store.database.cluster import cluster
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes
from sandbox.state import Shop
from tests.chaos import held_checks
from tests.chaos.killer import TARGETS, Killer
from tests.chaos.shoppers import Shopper
from tests.chaos.stage import LEFT, Stage, a_stage, drained, wait_for
from webhooks.replay import compare

SEEDS = [int(seed) for seed in os.environ.get("CHAOS_CLICK_SEEDS", "1,2,3").split(",")]
DOMAIN = "clicks.myshopify.com"
PEOPLE, TABS, TIMES, GIVEN = 10, 2, 6, 3000
PROGRAMME = Programme(
    earning=Earning(points=0),
    rewards=(
        AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5)),
        AmountOff(id="rlate", name="3 off", points=60, value=Decimal(3), deduct="ordered"),
        Slider(id="rany", name="Any amount", points=50, step=10, most=200, value=Decimal(1)),
        GiftCard(id="rcard", name="A card", points=120, value=Decimal(6)),
        StoreCredit(id="rcredit", name="Credit", points=80, value=Decimal(4), notify=False),
    ),
    next_order_code=NextOrderCode(enabled=False),
    confirmation="none",
)
TROUBLE = {
    "webhook_duplicate": 0.2,
    "webhook_shuffle_seconds": 1.0,
    "graphql_throttle": 0.08,
    "graphql_5xx": 0.06,
    "graphql_401": 0.02,
    "graphql_lost_answer": 0.08,
    "graphql_lost_write": 0.05,
    "graphql_never_came": 0.05,
    "graphql_hang": 0.03,
    "graphql_hang_seconds": 3.0,
    "token_5xx": 0.2,
    "checkout_code_error": 0.25,
}


def _open(stage: Stage) -> tuple[Shop, int]:
    shop = stage.sandbox.shop(DOMAIN, currency="USD", plan="plus")
    assert stage.sandbox.box.install(shop) == 200
    with system_transaction(stage.engine) as conn:
        found = shops.by_domain(conn, DOMAIN)
    assert found is not None
    now = datetime.now(UTC)
    with shop_transaction(stage.engine, found.id) as conn:
        programmes.add(conn, found.id, PROGRAMME, "chaos", "", now)
        launches.launch(conn, found.id, now)
    return shop, found.id


def _enrol(stage: Stage, shop: Shop, shop_id: int) -> dict[int, int]:
    """Members with points to spend: each customer's number, and the member's."""
    found = {}
    for count in range(PEOPLE):
        email = f"ana{count}@{DOMAIN}.example"
        customer = stage.sandbox.box.enrol(shop, first_name=f"Ana{count}", last_name="Reyes", email=email)
        now = datetime.now(UTC)
        with shop_transaction(stage.engine, shop_id) as conn:
            buyer = Buyer(customer_id=customer["id"], email=email)
            members.add(conn, shop_id, [buyer], {buyer: now})
            one = members.by_customers(conn, shop_id, [customer["id"]])[customer["id"]].id
            gift = Adjustment(one, secrets.token_hex(16), "gift", GIVEN, "To begin with", shown=True)
            adjust_points.adjust(conn, shop_id, gift, "chaos", now)
        found[customer["id"]] = one
    return found


def _rampage(stage: Stage, shoppers: list[Shopper], dice: Random) -> Killer:
    """Kill until everybody has done what they wanted, and each target at least twice."""
    threads = [threading.Thread(target=one.go, args=(TIMES,), daemon=True) for one in shoppers]
    for thread in threads:
        thread.start()
    killer, deadline = Killer(stage.cast, dice), time.monotonic() + 300
    while any(thread.is_alive() for thread in threads) or min(map(killer.total, TARGETS)) < 2:
        assert time.monotonic() < deadline, "somebody still waits for an answer"
        killer.strike()
    return killer


def _drained(stage: Stage) -> bool:
    """As always; what happened to store credit can be told at once, as Shopify is well."""
    stage.ledger.run("UPDATE credits SET began_at = began_at - interval '1 hour' WHERE state = 'sending'")
    return drained(stage)


@pytest.fixture
def stage(server_dir: Path, seed: int) -> Iterator[Stage]:
    """Everything that runs; webhooks are sent again at once, and until they are taken."""
    with a_stage(server_dir, seed, retry_seconds=(0.3,) * 1000, time_factor=1.0) as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_killed_points_and_codes_are_there_once_and_each_key_says_what_it_booked(
    stage: Stage, seed: int, record_property: Callable[[str, object], None]
) -> None:
    dice, box = Random(seed), stage.sandbox.box
    shop, shop_id = _open(stage)
    people = _enrol(stage, shop, shop_id)
    shoppers = [
        Shopper(box, shop, stage.plan.app_url, customer, Random(f"{seed} {customer} {tab}"))
        for customer in people
        for tab in range(TABS)
    ]
    box.trouble.set(**TROUBLE)
    started = time.monotonic()
    killer = _rampage(stage, shoppers, dice)
    assert [one.trouble for one in shoppers if one.trouble] == []
    rampage_seconds, struck = time.monotonic() - started, dict(box.trouble.counts)
    box.trouble.calm()
    stage.cast.wait_until_back()
    assert box.dispatcher.wait_idle(60)
    try:
        wait_for(lambda: _drained(stage), "inbox and jobs are empty", 120)
    except AssertionError as error:
        raise AssertionError(f"{error}; left: {stage.ledger.rows(LEFT)}") from error

    acts = [act for one in shoppers for act in one.acts]
    made = held_checks.held(stage.ledger, shop_id)
    held_checks.points_are_constant(stage.ledger, made, people, GIVEN)
    held_checks.codes_stand_behind_reservations(made, shop)
    held_checks.money_is_there_once(made, shop, people)
    booked = held_checks.each_key_is_one_act(made, acts, people)
    stage.ledger.run("DELETE FROM paces")  # nobody is to wait an hour for what comes now
    held_checks.each_key_says_what_it_booked(made, acts, people, box, shop, stage.plan.app_url)
    assert held_checks.held(stage.ledger, shop_id) == made, "asking what was booked changed it"
    stage.cast.stop()
    assert audit(stage.engine) == []
    assert compare(stage.engine, cluster(stage.plan.data_dir).url()) == []
    done = sum((one.did for one in shoppers), Counter[str]())
    assert booked and done["buy"] and done["unwanted"]

    heard = Counter(status for act in acts for status, _ in act.heard)
    record_property("counts", "\n".join([
        f"clicks over the wire, seed {seed}: {rampage_seconds:.0f} s of kills",
        f"  {len(acts)} acts, {booked} redemptions; answers {dict(sorted(heard.items()))} (0: none)",
        f"  kills {dict(sorted(killer.kills.items()))}",
        f"  trouble {struck}",
        f"  {dict(done)}; in the end {dict(Counter(one.state for one in made.values()))}",
    ]))  # fmt: skip
