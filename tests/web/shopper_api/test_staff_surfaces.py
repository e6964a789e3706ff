"""Nothing that the till or the admin's blocks are told speaks to the member: staff read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, FreeShipping, PercentOff, Slider
from plugin.rules.rewards.money_rewards import GiftCard, StoreCredit
from plugin.rules.rewards.own_rewards import Custom, Donation
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests import payloads
from tests.conftest import ShopRow
from tests.web.session import Browser
from tests.web.shopper_api.test_held import STATES, hold
from tests.web.shopper_api.test_orders import launched, tell

__all__ = ["launched"]
SPOKEN_TO = re.compile(r"\b(you|your|yours|you'll|you've|you're)\b", re.IGNORECASE)
RULES = Programme(
    points_name="stars",
    rewards=(
        AmountOff(id="rfive", name="5 off", points=100, value=5, minimum_order=50, deduct="ordered"),
        AmountOff(id="rsix", name="6 off", points=100, value=6),
        PercentOff(id="rten", name="10 off", points=100, value=10),
        FreeShipping(id="rship", name="Shipping", points=9000),
        Slider(id="rany", name="Any", points=50, step=10, most=500, value=1),
        GiftCard(id="rcard", name="Card", points=100, value=5),
        StoreCredit(id="rcredit", name="Credit", points=100, value=5),
        Donation(id="rgive", name="Trees", points=100, value=5, cause="Trees"),
        Custom(id="rtour", name="Tour", points=100),
        AmountOff(id="rgold", name="Gold", points=10, value=1, tiers={"gold"}),
    ),
    activities=(Birthday(id="abirth", name="Birthday", points=50),),
    tiers=Tiers(
        levels=(
            Tier(key="silver", name="Silver", enter=Decimal(1), multiplier=Decimal(2), perks=("Early",)),
            Tier(key="gold", name="Gold", enter=Decimal(100_000)),
        )
    ),
)


def texts(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for each in found.values():
            yield from texts(each)
    elif isinstance(found, list):
        for each in found:
            yield from texts(each)
    elif isinstance(found, str):
        yield found


@pytest.mark.parametrize("born", [None, 0, 100])
def test_staff_are_never_spoken_to_as_the_member(
    browser: Browser, engine: Engine, launched: ShopRow, born: int | None
) -> None:
    with shop_transaction(engine, launched.id) as conn:
        programmes.add(conn, launched.id, RULES, "test", "", datetime.now(UTC) - timedelta(days=9))
        conn.exec_driver_sql("UPDATE lots SET expires_at = now() + interval '30 days'")
        conn.exec_driver_sql(
            "INSERT INTO member_tiers (shop_id, member_id, tier, pinned, pinned_until) SELECT shop_id, id,"
            " 'silver', true, '2999-12-31' FROM members WHERE customer_id = 7"
        )
        if born is not None:
            day = datetime.now(UTC) + timedelta(days=born)
            conn.exec_driver_sql(
                "INSERT INTO member_profiles (shop_id, member_id, birth_month, birth_day, birthday_set_at)"
                " SELECT shop_id, id, %s, %s, now() - interval '90 days' FROM members WHERE customer_id = 7",
                (day.month, min(day.day, 28)),
            )
    for each in STATES:
        hold(engine, launched, *each[:3])
    tell(engine, launched, 5, customer=payloads.customer(7, email="ana@example.com"), email="ana@example.com")
    cart = {"currency": "USD", "lines": [{"quantity": 1, "price": "20.00"}]}
    said = [
        browser.get("/staff/v1/customers/7", locale="en"),
        browser.get("/staff/v1/orders/5", locale="en"),
        browser.get("/staff/v1/orders/99", locale="en"),
        browser.client.post(
            "/staff/v1/customers/7/cart", json=cart, headers=browser._headers(), query_string={"locale": "en"}
        ),
    ]
    assert [answer.status_code for answer in said] == [200] * 4
    spoken = {each for answer in said for each in texts(answer.json) if SPOKEN_TO.search(each)}
    assert spoken == set()
