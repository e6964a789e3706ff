"""Referrals that nobody has set up yet begin with points that fit what points are worth in the programme."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_rules import Referrals, Thanks
from plugin.rules.rewards.kinds import AmountOff
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.session import Browser

CHEAP = AmountOff(id="rcheap", name="₱100 off", points=50, value=Decimal(100))
DEAR = AmountOff(id="rdear", name="₱200 off", points=100, value=Decimal(200))
PAUSED = AmountOff(id="rold", name="₱20 off", points=10, value=Decimal(20), active=False)


def suggested(browser: Browser) -> str:
    field = re.search(
        r'name="referrals\.advocate\.points"[^>]* value="(\d+)"', browser.page("/app/programme/referrals")
    )
    assert field is not None
    return field[1]


def test_a_friend_is_worth_the_cheapest_reward_that_can_be_had(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        own = Programme(rewards=(DEAR, CHEAP, PAUSED))
        programmes.add(conn, shop.id, own, "test", "", datetime.now(UTC))
    assert suggested(browser) == "50"


def test_what_staff_set_up_stays(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        own = Programme(rewards=(CHEAP,), referrals=Referrals(advocate=Thanks(points=700)))
        programmes.add(conn, shop.id, own, "test", "", datetime.now(UTC))
    assert suggested(browser) == "700"
