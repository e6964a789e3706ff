"""Shoppers see how to earn, do it once, and tell their birthday; nobody earns by following a link."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Birthday, Custom, Newsletter, Profile, Social, Visit
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront, balance

EARN = "/proxy/earn"
RULES = Programme(
    points_name="stars",
    welcome_points=10,
    activities=(
        Social(id="ainsta", name="Follow {{ us }}", points=20, network="instagram", url="https://instagram.com/shop"),
        Visit(id="apage", name="Our story", points=5, word="story", per_day=1),
        Birthday(id="abirth", name="Birthday gift", points=100),
        Newsletter(id="anews", name="Newsletter", points=25, note="Once a month."),
        Profile(id="aprof", name="Tell us", points=15, questions=("Coffee or tea?",)),
        Custom(id="aoff", name="Secret", points=1, word="secret", active=False),
    ),
)


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"counts_from": (now - timedelta(days=1)).isoformat()})
        programmes.add(conn, shop.id, RULES, "test", "", now - timedelta(minutes=1))
    member_with(engine, shop, 150)
    return Storefront(app, settings, shop.domain, "7")


def words(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", text)))


def test_the_page_says_what_can_be_done(front: Storefront) -> None:
    answer = front.get(EARN)
    assert answer.status_code == 200
    assert "{{" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    said = words(answer.text)
    for each in ("150 stars", "1 stars for every $1.00", "+20 stars", "Once a month.", "Coffee or tea?",
                 "Enter your birthday below.", "Look for the link on our site."):  # fmt: skip
        assert each in said
    assert "Secret" not in said
    assert "Join us" not in said  # this member had no welcome points
    assert "/apps/suki/earn" in front.get().text


def test_following_a_link_gives_nothing_and_the_button_gives_it_once(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    address = f"{EARN}/ainsta"
    page = front.get(address)
    assert 'href="https://instagram.com/shop"' in page.text
    assert "We don&#39;t check this. We trust you." in page.text
    assert balance(engine, shop, 1) == 150
    key = front.key(address)
    answers = [front.post(address, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert balance(engine, shop, 1) == 170
    again = front.post(address, key=front.key(EARN))
    assert (again.status_code, "Done." in again.text) == (422, True)
    assert balance(engine, shop, 1) == 170


def test_a_page_is_found_by_its_word_only(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    assert front.get(f"{EARN}/apage").status_code == 404
    key = front.key(f"{EARN}/story")
    assert front.post(f"{EARN}/apage", key=key).status_code == 404
    assert front.post(f"{EARN}/story", key=key).status_code == 200
    assert "Done for today" in front.get(f"{EARN}/story").text
    assert balance(engine, shop, 1) == 155


@pytest.mark.parametrize("name", ["abirth", "anews", "aprof", "secret", "nothing"])
def test_what_comes_by_itself_or_from_others_cannot_be_claimed(
    front: Storefront, engine: Engine, shop: ShopRow, name: str
) -> None:
    assert front.get(f"{EARN}/{name}").status_code == 404
    assert front.post(f"{EARN}/{name}", key=front.key(EARN)).status_code == 404
    assert balance(engine, shop, 1) == 150


def test_a_form_that_is_not_ours_does_nothing(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    for path in ("ainsta", "birthday", "profile"):
        assert front.post(f"{EARN}/{path}", key="0" * 48, birth_day="1", birth_month="1").status_code == 422
    assert balance(engine, shop, 1) == 150
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM member_profiles").scalar_one() == 0


def test_a_birthday_is_kept_and_cannot_be_changed_at_once(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    first = front.post(f"{EARN}/birthday", key=front.key(EARN), birth_day="29", birth_month="2")
    assert (first.status_code, "without the year" in first.text) == (200, True)
    assert "February 29" in first.text
    assert "Added automatically on February" in words(first.text)
    second = front.post(f"{EARN}/birthday", key=front.key(EARN), birth_day="1", birth_month="3")
    assert (second.status_code, "once a year" in second.text) == (422, True)
    with shop_transaction(engine, shop.id) as conn:
        row = conn.exec_driver_sql("SELECT birth_month, birth_day, birthday_by_staff FROM member_profiles").one()
        assert tuple(row) == (2, 29, False)
        kinds = conn.exec_driver_sql("SELECT kind FROM jobs WHERE kind LIKE 'push_profile'").scalars().all()
    assert kinds == ["push_profile"]


@pytest.mark.parametrize(("day", "month"), [("31", "4"), ("0", "1"), ("", ""), ("1", "13"), ("x", "y")])
def test_a_day_that_there_is_not_is_said(front: Storefront, day: str, month: str) -> None:
    answer = front.post(f"{EARN}/birthday", key=front.key(EARN), birth_day=day, birth_month=month)
    assert (answer.status_code, "That date doesn&#39;t exist" in answer.text) == (422, True)


def test_a_profile_earns_when_everything_is_told(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    said = front.post(f"{EARN}/profile", key=front.key(EARN), **{"answer.0": "Tea <b>"})
    assert "Saved." in said.text
    assert "Tea &lt;b&gt;" in said.text
    assert balance(engine, shop, 1) == 150
    front.post(f"{EARN}/birthday", key=front.key(EARN), birth_day="1", birth_month="3")
    assert balance(engine, shop, 1) == 165


def test_nobody_signed_in_sees_and_does_nothing(front: Storefront) -> None:
    for path in (EARN, f"{EARN}/ainsta", f"{EARN}/story"):
        assert "Sign in" in front.get(path, logged_in_customer_id="").text
    stranger = Storefront(front.client.application, front.settings, front.domain, "999")
    assert "150" not in words(stranger.get(EARN).text)
    assert stranger.post(f"{EARN}/ainsta", key=front.key(EARN)).status_code == 422


def test_filipino_is_spoken(front: Storefront) -> None:
    said = words(front.get(EARN, locale="fil").text)
    assert "Paano kumita" in said
    assert "Ang birthday mo" in said
    assert "Pebrero" in said


def test_a_birthday_that_waits_a_year_says_why(front: Storefront) -> None:
    soon = datetime.now(UTC) + timedelta(days=10)
    said = front.post(f"{EARN}/birthday", key=front.key(EARN), birth_day=str(soon.day), birth_month=str(soon.month))
    assert "You told us less than 30 days before your birthday" in words(said.text)
    assert f"{soon.year + 1}." in words(said.text)
