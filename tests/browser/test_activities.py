"""Activities and a key, as a merchant sets them up; the ways to earn, as a shopper sees them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from plugin.rules.activities.activity_rules import Birthday, Profile, Social, Visit
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.browser.conftest import Seat
from tests.browser.stage import DOMAIN
from tests.browser.test_rewards import sign_in

SHOTS = os.environ.get("SHOTS", "")
RULES = Programme(
    points_name="beans",
    welcome_points=50,
    activities=(
        Birthday(id="abirth", name="Your birthday", points=200, note="A little something from all of us."),
        Social(id="ainsta", name="Follow us on Instagram", points=20, network="instagram", url="https://example.com/"),
        Visit(id="astory", name="Read our story", points=5, word="story", per_day=1),
        Profile(id="aprof", name="Tell us about you", points=15, questions=("Coffee or tea?",)),
    ),
)


def shot(seat: Seat, name: str) -> None:
    if SHOTS:
        seat.page.wait_for_timeout(400)
        seat.page.screenshot(path=str(Path(SHOTS) / f"{name}-{seat.width}.png"), full_page=True)


def publish(seat: Seat) -> None:
    with shop_transaction(seat.stage.engine, seat.stage.shop_id) as conn:
        programmes.add(conn, seat.stage.shop_id, RULES, "test", "", datetime.now(UTC) - timedelta(minutes=1))


def test_a_merchant_adds_a_review_and_makes_a_key(seat: Seat) -> None:
    frame = seat.open()
    publish(seat)
    frame = seat.open("/app/programme/activities")
    expect(frame.get_by_text("Read our story")).to_be_visible()
    shot(seat, "list")
    frame = seat.open("/app/programme/activities/new?kind=review")
    frame.get_by_label("Keyword").fill("review")
    frame.get_by_label("Points").fill("50")
    shot(seat, "editor")
    seat.save()
    expect(frame.get_by_text("Review a product")).to_be_visible()
    frame = seat.open("/app/settings/automation")
    frame.get_by_label("Name").fill("Reviews app")
    frame.get_by_text("Create key").click()
    expect(frame.get_by_text(re.compile(r"suki_\d+_\d+_"))).to_be_visible()
    shot(seat, "automation")


def test_a_shopper_follows_us_and_tells_the_birthday(seat: Seat) -> None:
    seat.open()
    ana = seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    publish(seat)
    page = sign_in(seat, "Ana")
    page.get_by_role("link", name="Ways to earn").first.click()
    expect(page.get_by_role("heading", name="Ways to earn")).to_be_visible()
    shot(seat, "earn")
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_text("We don't check this")).to_be_visible()
    shot(seat, "follow")
    page.get_by_role("button", name="Get 20 beans").click()
    expect(page.get_by_text("Thank you. You earned 20 beans.")).to_be_visible()
    page.get_by_label("Day").fill("29")
    page.get_by_label("Month").select_option("2")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("We've saved your birthday, without the year.")).to_be_visible()
    shot(seat, "done")
    seat.stage.settle()
    kept = seat.stage.sandbox.shop(DOMAIN).metafield[f"gid://shopify/Customer/{ana['customer_id']}|suki|birthday"]
    assert (kept["value"], kept["type"]) == ("02-29", "single_line_text_field")
    frame = seat.open("/app/members/1")
    expect(frame.get_by_text("29 February", exact=True)).to_be_visible()
    shot(seat, "member")
