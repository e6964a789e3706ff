"""The page of the programme: a visitor reads what there is to win, a member where they stand, in the shop's look."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Earning, Programme
from plugin.rules.rewards.kinds import AmountOff, FreeProduct, FreeShipping
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.words.catalogues import LANGUAGES
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.orders import known_goods
from plugin.store.orders.known_goods import Good
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront

PICTURE = "https://cdn.shopify.com/s/files/cup.png"
RULES = Programme(
    points_name="stars",
    earning=Earning(points=2),
    welcome_points=25,
    rewards=(
        AmountOff(id="rdear", name="$50 off", points=1000, value=50),
        AmountOff(id="rfive", name="$5 off", points=100, value=5),
        FreeShipping(id="rship", name="Shipping on us", points=150),
        FreeProduct(id="rcup", name="The cup", points=200, product=77, value=12),
        AmountOff(id="rgold", name="The chair", points=300, value=5, tiers=frozenset({"gold"})),
    ),
    tiers=Tiers(
        levels=(
            Tier(key="silver", name="Silver", enter=100, perks=("Early access",)),
            Tier(key="gold", name="Gold", enter=500, multiplier=2, perks=("Gift wrapping",)),
        )
    ),
    activities=(Birthday(id="ab", name="Birthday gift", points=40),),
    expiry=Expiry(policy="inactivity", unit="months", period=12),
)


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    publish(engine, shop, RULES)
    member_with(engine, shop, 250)
    return Storefront(app, settings, shop.domain, "7")


@pytest.fixture
def visitor(front: Storefront, settings: Settings) -> Storefront:
    return Storefront(front.client.application, settings, front.domain, "")


def publish(engine: Engine, shop: ShopRow, rules: Programme) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, rules, "test", "", datetime.now(UTC) - timedelta(days=1))


def text(page: str) -> str:
    """What is read of a page, without its style."""
    shown = re.sub(r"<(style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def test_a_visitor_reads_the_whole_programme_and_how_to_join(visitor: Storefront) -> None:
    answer = visitor.get()
    said = text(answer.text)
    assert answer.text.count("suki-main") - answer.text.count(".suki-main") == 2  # join, at the top and at the end
    for each in (
        "Join now", "Already a member?", "+25 stars for joining", "How it works",
        "Earn 2 stars for every $1.00 you spend.",
        "Choose a reward, from 100 stars.", "Birthday gift +40 stars", "$5 off 100 stars", "Shipping on us 150 stars",
        "Silver", "Early access", "Gold", "You earn 2× the points.", "Gift wrapping", "Reward for this tier: The chair",
        "Your stars expire after 12 months without activity. We email you before that.",
        "If an order is cancelled or refunded, its stars are taken back.",
    ):  # fmt: skip
        assert each in said, each
    assert "Redeem $5 off" not in said and "/rewards/rfive" not in answer.text
    assert "The chair 300 stars $5.00 off. For Gold members." in said


def test_a_member_sees_what_can_be_had_first_each_with_a_name_of_its_own(front: Storefront) -> None:
    page = front.get().text
    names = re.findall(r'href="/apps/suki/rewards/(\w+)" aria-label="([^"]+)"', page)
    assert names == [
        ("rfive", "Redeem $5 off for 100 stars"),
        ("rship", "Redeem Shipping on us for 150 stars"),
        ("rcup", "Redeem The cup for 200 stars"),
    ]
    said = text(page)
    assert said.index("The cup 200 stars") < said.index("$50 off 1,000 stars")
    assert "Hello Ana" in said
    assert "750 stars more to reach $50 off" in said
    assert "Join now" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_button_begins_and_ends_with_what_is_read_on_it_in_every_language(
    front: Storefront, language: str
) -> None:
    page = front.get(locale=language).text
    buttons = re.findall(r'aria-label="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert len(buttons) >= 3
    assert len({name for name, _ in buttons}) == len(buttons)
    assert [name for name, read in buttons if html.unescape(read).strip() not in html.unescape(name)] == []


def test_of_one_product_the_picture_is_shown(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    assert "<img" not in front.get().text
    with shop_transaction(engine, shop.id) as conn:
        known_goods.save(conn, shop.id, [Good("Product", 77, "Cup", PICTURE)], datetime.now(UTC))
    assert re.findall(r'<img src="([^"]+)" alt=""', front.get().text) == [PICTURE]
    with shop_transaction(engine, shop.id) as conn:
        known_goods.save(conn, shop.id, [Good("Product", 77, "Cup", "http://cdn.example/cup.png")], datetime.now(UTC))
    assert "<img" not in front.get().text


def test_the_pages_are_in_the_colours_of_the_brand_and_of_the_storefronts_own_look(
    front: Storefront, visitor: Storefront, engine: Engine, shop: ShopRow
) -> None:
    paths = ("/proxy/rewards", "/proxy/earn", "/proxy/own", "/proxy/history", "/proxy/rewards/rfive", "/proxy/nothing")
    assert all("--suki-fill: #1f2933" in front.get(path).text for path in paths)
    with shop_transaction(engine, shop.id) as conn:
        shops.set_brand(conn, shop.id, {"primary": "#0a7d4f", "font": "serif", "corner": "24"})
    for path in paths:
        page = front.get(path).text
        assert "--suki-fill: #0a7d4f" in page and "--suki-corner: 24px" in page and "--suki-font: Georgia" in page
    with shop_transaction(engine, shop.id) as conn:
        look = {"accent": "#123456", "font": "theme", "picture": PICTURE, "guest_heading": "Come in"}
        shops.merge_settings(conn, shop.id, {"look": look})
    page = visitor.get().text
    assert "--suki-fill: #123456" in page and "--suki-font" not in page.partition("<style>")[0]
    assert f'<img src="{PICTURE}"' in page and "<h1>Come in</h1>" in page


def test_what_stands_in_the_database_and_is_no_colour_or_font_never_comes_into_a_page(
    visitor: Storefront, engine: Engine, shop: ShopRow
) -> None:
    hostile = "red;}</style><script>alert(1)</script>"
    with shop_transaction(engine, shop.id) as conn:
        look = dict.fromkeys(("accent", "paper", "font", "corner", "picture", "share"), hostile)
        shops.merge_settings(conn, shop.id, {"look": look})
    page = visitor.get()
    assert page.status_code == 200
    assert "alert(1)" not in page.text and "--suki-fill: #1f2933" in page.text


def test_a_customer_whom_nobody_knows_yet_is_led_to_the_shop(front: Storefront, settings: Settings) -> None:
    said = text(Storefront(front.client.application, settings, front.domain, "99").get().text)
    assert "Start shopping" in said and "Join now" not in said and "$5 off 100 stars" in said


def test_a_programme_with_nothing_in_it_says_so_with_a_way_on(
    visitor: Storefront, front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    publish(engine, shop, Programme(rewards=()))
    for one in (visitor, front):
        empty = re.findall(r'<div class="suki-empty">(.*?)</div>', one.get().text, re.DOTALL)
        assert "There are no rewards right now." in empty[0]
        assert all("<svg" in each and "suki-button" in each for each in empty)


@pytest.mark.parametrize(
    ("expiry", "said"),
    [
        (Expiry(), "Your points never expire."),
        (Expiry(policy="after_earning", period=1), "Your points expire 1 day after you earn them."),
        (Expiry(policy="after_earning", unit="months", period=6), "Your points expire 6 months after you earn them."),
        (Expiry(policy="inactivity", period=90), "Your points expire after 90 days without activity."),
        (Expiry(policy="calendar", at_least_months=0), "Your points expire each year on December 31."),
        (Expiry(policy="calendar"), "Your points expire each year on December 31, if they are at least 6 months old"),
    ],
)
def test_when_points_expire_is_said_as_it_is(
    visitor: Storefront, engine: Engine, shop: ShopRow, expiry: Expiry, said: str
) -> None:
    publish(engine, shop, Programme(expiry=expiry))
    assert said in text(visitor.get().text)


def test_pages_stay_light(front: Storefront, visitor: Storefront) -> None:
    for one in (front, visitor):
        assert len(one.get().data) < 100_000
