"""One shopper cannot use up the shop's time: so many redemptions and so many forms within an hour."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.rewards import redeem_points
from plugin.errors import Denied
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront

WAIT = "Too many attempts. Please try again in an hour."
MADE = "SELECT count(*) FROM redemptions"


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    rewards = (AmountOff(id="rone", name="1 off", points=1, value=1),)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(rewards=rewards), "test", "", datetime.now(UTC))
    member_with(engine, shop, 150)
    return Storefront(app, settings, shop.domain, "7")


def count(engine: Engine, shop: ShopRow, sql: str = MADE) -> int:
    with shop_transaction(engine, shop.id) as conn:
        return int(conn.exec_driver_sql(sql).scalar_one())


def test_ten_redemptions_an_hour_and_the_eleventh_spends_nothing(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    last = ""
    for _ in range(10):
        last = front.key("/proxy/rewards/rone")
        assert front.post("/proxy/rewards/rone", key=last).status_code == 200
    answer = front.post("/proxy/rewards/rone", key=front.key("/proxy/rewards/rone"))
    assert (answer.status_code, WAIT in html.unescape(answer.text)) == (422, True)
    assert front.post("/proxy/rewards/rone", key=last).status_code == 200  # the same click as before
    assert (count(engine, shop), count(engine, shop, "SELECT balance FROM members")) == (10, 140)
    said = {"key": front.key("/proxy/rewards/rone"), **front.shown}
    filipino = front.client.post("/proxy/rewards/rone", query_string=front.query(locale="fil"), data=said)
    assert "Masyadong maraming subok" in filipino.text


def test_of_many_redemptions_at_once_no_more_than_ten_pass(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    member = count(engine, shop, "SELECT id FROM members")
    now = datetime.now(UTC)

    def one(n: int) -> bool:
        try:
            with shop_transaction(engine, shop.id) as conn:
                redeem_points.redeem(conn, shops.get(conn, shop.id), member, "rone", None, f"k{n}", "shopper", now)
        except Denied as error:
            assert error.code == "too_many_tries"
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(one, range(15))) == 10
    assert (count(engine, shop), count(engine, shop, "SELECT balance FROM members")) == (10, 140)
    with shop_transaction(engine, shop.id) as conn:  # staff are not held up
        redeem_points.redeem(conn, shops.get(conn, shop.id), member, "rone", None, "staff", "staff:1", now)
    assert count(engine, shop) == 11


def test_twenty_forms_an_hour_whatever_they_are_and_whatever_comes_of_them(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    paths = ("/proxy/rewards/rone", "/proxy/earn/profile", "/proxy/earn/birthday", "/proxy/redemptions/1")
    for n in range(20):
        assert front.post(paths[n % 4], key="wrong").status_code == 422
    answer = front.post("/proxy/rewards/rone", key=front.key("/proxy/rewards/rone"))
    assert (answer.status_code, WAIT in html.unescape(answer.text)) == (429, True)
    assert count(engine, shop) == 0
    assert front.get("/proxy/rewards").status_code == 200  # looking costs nothing
    other = Storefront(front.client.application, front.settings, front.domain, "8")
    assert other.post("/proxy/rewards/rone", key="wrong").status_code == 422
