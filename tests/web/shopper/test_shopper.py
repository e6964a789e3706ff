"""Shoppers see their rewards through Shopify's proxy, and nobody else's."""

from __future__ import annotations

import html
import re
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, Reward, Slider
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.points import ledger
from plugin.store.rewards import redemptions
from plugin.store.versions import programmes
from sandbox.pages.app_proxy import proxy_signature
from tests.conftest import ShopRow
from tests.web import agreed
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with

ROOT = Path(__file__).parents[3]
REWARDS = (
    AmountOff(id="rfive", name="{{ 5 }} off <b>", points=100, value=5),
    Slider(id="rany", name="Any amount", points=50, step=10, most=500, value=1),
    AmountOff(id="rbig", name="50 off", points=1000, value=50),
    AmountOff(id="roff", name="Secret", points=1, value=50, active=False),
    AmountOff(id="rover", name="Summer's", points=1, value=50, ends_at=datetime(2026, 1, 1, tzinfo=UTC)),
)


class Storefront:
    """Requests as Shopify passes them on."""

    def __init__(self, app: Flask, settings: Settings, domain: str, customer: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.settings, self.domain, self.customer = settings, domain, customer
        self.shown: dict[str, str] = {}

    def query(self, **changes: str) -> dict[str, str]:
        said = {
            "shop": self.domain, "logged_in_customer_id": self.customer, "path_prefix": "/apps/suki",
            "timestamp": str(int(time.time())), **changes,
        }  # fmt: skip
        return said | {"signature": proxy_signature(self.settings.shopify_api_secret.get_secret_value(), said)}

    def get(self, path: str = "/proxy/rewards", **changes: str) -> TestResponse:
        return self.client.get(f"{path}?{urlencode(self.query(**changes))}")

    def post(self, path: str, **form: str) -> TestResponse:
        """Send a form; one for a reward says what the page before it showed."""
        said = self.shown if path.startswith("/proxy/rewards/") else {}
        return self.client.post(f"{path}?{urlencode(self.query())}", data=said | form)

    def key(self, path: str, **query: str) -> str:
        text = self.get(path, **query).text
        found = re.search(r'name="key" value="(\w+)"', text)
        assert found is not None
        self.shown = dict(re.findall(r'name="(price|offer)" value="(\w+)"', text))
        return found[1]


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(rewards=REWARDS, points_name="stars"), "test", "", datetime.now(UTC))
    member_with(engine, shop, 150)
    return Storefront(app, settings, shop.domain, "7")


def balance(engine: Engine, shop: ShopRow, member: int) -> int:
    with shop_transaction(engine, shop.id) as conn:
        return sum(lot.left for lot in ledger.open_lots(conn, shop.id, [member], datetime.now(UTC)).get(member, []))


def plain(text: str) -> str:
    """The words of a page, one space apart."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", text)))


def test_the_page_shows_balance_rewards_and_what_is_missing(front: Storefront) -> None:
    answer = front.get()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/liquid"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not {"Set-Cookie", "Content-Security-Policy"} & set(answer.headers.keys())
    words = html.unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", answer.text))
    assert "150 stars" in re.sub(r"\s+", " ", words)
    assert "You need 850 stars more." in words
    assert "Secret" not in words
    assert "Summer's" not in words
    assert (
        re.findall(r'aria-label="(Redeem[^"]*)"', answer.text.replace("&#34;", ""))[-1]
        == "Redeem Any amount for 50–500 stars"
    )


def test_a_shops_words_are_never_liquid_or_html(front: Storefront) -> None:
    text = front.get().text
    assert "{{" not in text
    assert "{%" not in text
    assert "<b>" not in text
    assert "&#123;&#123; 5 }} off &lt;b&gt;" in text


def test_filipino_is_spoken(front: Storefront) -> None:
    text = front.get(locale="fil").text
    assert "Mga reward mo" in text
    assert "Kulang ka pa ng 850 stars." in text


@pytest.mark.parametrize(
    "changes",
    [{"timestamp": str(int(time.time()) - 600)}, {"timestamp": "soon"}, {"shop": "evil.example.com"},
     {"shop": "unknown.myshopify.com"}],
)  # fmt: skip
def test_an_old_request_or_a_strange_shop_is_refused(front: Storefront, changes: dict[str, str]) -> None:
    assert front.get(**changes).status_code in (401, 404)


def test_only_the_signed_customer_counts(front: Storefront) -> None:
    query = front.query()
    for changed in ({"logged_in_customer_id": "8"}, {"signature": ""}, {"signature": "é"}):
        assert front.client.get(f"/proxy/rewards?{urlencode(query | changed)}").status_code == 401
    twice = f"{urlencode(query)}&logged_in_customer_id=8"
    assert front.client.get(f"/proxy/rewards?{twice}").status_code == 401
    assert front.client.get("/proxy/rewards").status_code == 401


def test_nobody_signed_in_and_a_customer_we_do_not_know_see_no_ones_points(front: Storefront) -> None:
    for customer in ("", "999"):
        words = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", front.get(logged_in_customer_id=customer).text)
        assert "150" not in words
        assert "How it works" in words
    assert front.get("/proxy/rewards/rfive", logged_in_customer_id="").status_code == 404


def test_a_shopper_redeems_once_and_undoes_it(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    key = front.key("/proxy/rewards/rfive")
    assert balance(engine, shop, 1) == 150
    first, second = (front.post("/proxy/rewards/rfive", key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert balance(engine, shop, 1) == 50
    with shop_transaction(engine, shop.id) as conn:
        (made,) = redemptions.of_member(conn, shop.id, 1)
    assert "Being created" in first.text
    assert made.code not in first.text
    address = f"/proxy/redemptions/{made.id}"
    assert front.post(address, key=front.key(address)).status_code == 200
    with shop_transaction(engine, shop.id) as conn:
        (made,) = redemptions.of_member(conn, shop.id, 1)
    assert (made.state, made.code_state, made.ended_by) == ("reserved", "unwanted", "shopper")


@pytest.mark.parametrize("points", ["55", "-50", "0", "1e3", "²", "9999999999", "", "160"])
def test_a_slider_takes_only_its_steps(front: Storefront, engine: Engine, shop: ShopRow, points: str) -> None:
    key = front.key("/proxy/rewards/rany", points="60")
    for answer in (
        front.post("/proxy/rewards/rany", key=key, points=points),
        front.get("/proxy/rewards/rany", points=points),
    ):
        assert (answer.status_code, balance(engine, shop, 1)) == (422, 150)
        assert "Choose from 50 to 150, in steps of 10." in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert 'name="key"' not in answer.text


def test_a_slider_without_a_number_spends_nothing(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    answer = front.post("/proxy/rewards/rany", key=front.key("/proxy/rewards/rany", points="60"))
    assert (answer.status_code, balance(engine, shop, 1)) == (422, 150)


def test_a_slider_asks_for_the_number_and_then_says_what_it_brings(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    first = front.get("/proxy/rewards/rany").text
    assert re.search(r'name="points"[^>]* min="50" max="150" step="10" value="50"', first)
    assert "$1.00 for every 10 stars. You have 150 stars." in plain(first)
    assert "From 50 to 150, in steps of 10" in plain(first)
    second = plain(front.get("/proxy/rewards/rany", points="120").text)
    assert "$12.00 off. Spend 120 of your 150 stars? You'll have 30 stars left." in second
    assert (
        front.post("/proxy/rewards/rany", key=front.key("/proxy/rewards/rany", points="120"), points="120").status_code
        == 200
    )
    assert balance(engine, shop, 1) == 30
    assert "Any amount $12.00 off." in plain(front.get().text)


def test_a_form_that_is_not_ours_spends_nothing(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    other = Storefront(front.client.application, front.settings, front.domain, "8")
    for key in ("", "0" * 48, other.query()["signature"]):
        assert front.post("/proxy/rewards/rfive", key=key).status_code == 422
    assert balance(engine, shop, 1) == 150


FIVE, ANY = REWARDS[:2]


@pytest.mark.parametrize(
    ("reward", "points", "lacking"),
    [(FIVE, {}, "price"), (FIVE, {}, "offer"), (FIVE, {}, ""), (ANY, {"points": "60"}, "offer"),
     (ANY, {"points": "60"}, "")],
)  # fmt: skip
def test_a_form_spends_what_it_showed_or_nothing(
    front: Storefront, engine: Engine, shop: ShopRow, reward: Reward, points: dict[str, str], lacking: str
) -> None:
    path = f"/proxy/rewards/{reward.id}"
    key = front.key(path, **points)
    if lacking:
        front.shown[lacking] = ""
    else:
        cheaper = tuple(one.model_copy(update={"value": Decimal("0.5")}) for one in REWARDS)
        with shop_transaction(engine, shop.id) as conn:
            programmes.add(
                conn, shop.id, Programme(rewards=cheaper, points_name="stars"), "test", "", datetime.now(UTC)
            )
    answer = front.post(path, key=key, **points)
    assert (answer.status_code, balance(engine, shop, 1)) == (422, 150)
    assert "This reward has changed since you saw it. Nothing was spent" in plain(answer.text)


def test_what_cannot_be_had_is_refused_in_words(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    key = front.key("/proxy/rewards/rfive")
    assert "You need 850 stars more." in front.post("/proxy/rewards/rbig", key=key, **agreed.form(REWARDS[2])).text
    assert "This reward isn&#39;t available right now." in front.post("/proxy/rewards/roff", key=key).text
    assert front.post("/proxy/rewards/rnone", key=key).status_code == 404
    assert balance(engine, shop, 1) == 150


def test_another_members_redemption_is_not_found(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    from plugin.rules.types import Buyer
    from plugin.store.members import members

    front.post("/proxy/rewards/rfive", key=front.key("/proxy/rewards/rfive"))
    with shop_transaction(engine, shop.id) as conn:
        (made,) = redemptions.of_member(conn, shop.id, 1)
        buyer = Buyer(customer_id=8, email="ben@example.com")
        members.add(conn, shop.id, [buyer], {buyer: datetime.now(UTC)})
    other = Storefront(front.client.application, front.settings, front.domain, "8")
    assert other.get(f"/proxy/redemptions/{made.id}").status_code == 404
