"""A shopper's pages say the shop's names in their language, and acts go on by the shop's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Profile, Social
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, FreeShipping
from plugin.rules.words.translations import Translation
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import profiles
from plugin.store.rewards import redemptions
from plugin.store.versions import own_names, programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront, plain

RULES = Programme(
    points_name="stars",
    points_name_one="star",
    rewards=(
        AmountOff(id="rfive", name="A free coffee", points=100, value=5),
        FreeShipping(id="rship", name="Free shipping", points=149),
    ),
    activities=(
        Social(id="afollow", name="See our kitchen", points=1, network="instagram", url="https://example.com/a"),
        Profile(id="aask", name="Tell us more", points=5, note="Two minutes", questions=("Tea or coffee?",)),
    ),
)
SAID = {
    ("points", "stars"): "ดาว",
    ("reward", "A free coffee"): "กาแฟฟรี",
    ("activity", "See our kitchen"): "ชมครัวของเรา",
    ("activity", "Tell us more"): "เล่าให้เราฟัง",
    ("activity_text", "Two minutes"): "สองนาที",
    ("question", "Tea or coffee?"): "ชาหรือกาแฟ",
}
ENGLISH = (
    "stars",
    "1 star",
    "A free coffee",
    "Free shipping",
    "See our kitchen",
    "Tell us more",
    "Two minutes",
    "Tea or",
)


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    """A member with 150 points of a shop that has translated its names into Thai."""
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, RULES, "test", "", datetime.now(UTC))
        said = [Translation(kind, source, text) for (kind, source), text in SAID.items()]
        own_names.save(conn, shop.id, "th", said, 0, "test", datetime.now(UTC))
    member_with(engine, shop, 150)
    return Storefront(app, settings, shop.domain, "7")


def mixed(text: str) -> list[str]:
    return [name for name in ENGLISH if name in plain(text)]


@pytest.mark.parametrize("path", ["/proxy/rewards", "/proxy/earn", "/proxy/rewards/rfive", "/proxy/history"])
def test_no_page_mixes_languages(front: Storefront, path: str) -> None:
    answer = front.get(path, locale="th")
    assert answer.status_code == 200
    assert mixed(answer.text) == []


def test_the_pages_say_what_the_shop_translated_and_what_comes_with_the_app(front: Storefront) -> None:
    words = plain(front.get(locale="th").text)
    assert "กาแฟฟรี" in words and "จัดส่งฟรี" in words and "150 ดาว" in words
    earn = plain(front.get("/proxy/earn", locale="th").text)
    assert "ชมครัวของเรา" in earn and "สองนาที" in earn and "ชาหรือกาแฟ" in earn


def test_others_read_the_names_as_the_shop_wrote_them(front: Storefront) -> None:
    assert "A free coffee" in plain(front.get(locale="en").text)
    assert "A free coffee" in plain(front.get(locale="fil").text)
    assert "Libreng shipping" in plain(front.get(locale="fil").text)


def test_what_was_shown_in_thai_is_redeemed_and_kept_by_the_shops_own_name(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    key = front.key("/proxy/rewards/rfive", locale="th")
    assert front.post("/proxy/rewards/rfive", key=key).status_code == 200
    with shop_transaction(engine, shop.id) as conn:
        (made,) = redemptions.of_member(conn, shop.id, 1)
    assert made.title == "A free coffee"
    after = front.get(locale="th").text
    assert mixed(after) == [] and "กาแฟฟรี" in after
    undo = front.get(f"/proxy/redemptions/{made.id}", locale="th").text
    assert "กาแฟฟรี" in undo and mixed(undo) == []


def test_an_answer_given_in_thai_is_the_answer_to_the_shops_own_question(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    key = front.key("/proxy/earn", locale="th")
    assert front.post("/proxy/earn/profile", **{"key": key, "answer.0": "ชา", "birth_day": ""}).status_code == 200
    with shop_transaction(engine, shop.id) as conn:
        assert profiles.of(conn, shop.id, 1).answers == {"Tea or coffee?": "ชา"}
    assert "ชา" in front.get("/proxy/earn", locale="th").text


def test_visitors_read_the_points_in_their_language(app: Flask, settings: Settings, front: Storefront) -> None:
    nobody = Storefront(app, settings, front.domain, "")
    assert mixed(nobody.get(locale="th").text) == []
