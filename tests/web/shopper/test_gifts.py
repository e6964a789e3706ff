"""A reward that was given: shown to shoppers as a gift, and taken back by staff only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.gifts import give_reward
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.types import Reason
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with
from tests.web.session import Browser
from tests.web.shopper.test_shopper import Storefront

FIVE = AmountOff(id="rfive", name="5 off", points=100, value=5)


@pytest.fixture
def gift(engine: Engine, shop: ShopRow, browser: Browser) -> Redemption:
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(rewards=(FIVE,)), "test", "", now)
    member = member_with(engine, shop, 150)
    with shop_transaction(engine, shop.id) as conn:
        row = shops.get(conn, shop.id)
        return give_reward.give_reward(conn, row, member, FIVE, "s", Reason("given"), "staff:88000123", now)


def test_the_shopper_sees_a_gift_and_has_nothing_to_undo(
    app: Flask, settings: Settings, shop: ShopRow, gift: Redemption
) -> None:
    front = Storefront(app, settings, shop.domain, "7")
    shown = front.get().text
    assert "A gift from us. You didn&#39;t spend any points on it." in shown
    assert "Undo" not in shown
    assert "Regalo namin sa iyo." in front.get(locale="fil").text
    assert front.get(f"/proxy/redemptions/{gift.id}").status_code == 404


def test_staff_see_who_gave_it_and_take_it_back(
    browser: Browser, engine: Engine, shop: ShopRow, gift: Redemption
) -> None:
    assert "5 off (gift)" in browser.page(f"/app/members/{gift.member_id}")
    address = f"/app/redemptions/{gift.id}"
    page = browser.page(address)
    assert "Given without points. Given by you." in page
    assert "Take the gift back" in page
    assert browser.post(f"{address}/undo").status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        found = redemptions.get(conn, shop.id, gift.id)
    assert found is not None
    assert (found.code_state, found.ended_by) == ("unwanted", "staff:88000123")
