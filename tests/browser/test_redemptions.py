"""Staff look through redemptions, take several back at once, and end what they had to do."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from playwright.sync_api import expect

from plugin.actions.rewards import redeem_points
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.own_rewards import Custom, Donation, PartnerCode
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.browser.conftest import Seat

REWARDS = (
    AmountOff(id="rfive", name="5 off", points=10, value=5),
    Custom(id="rtour", name="A tour", points=10, instructions="Call them, any weekday before ten"),
    Donation(id="rtree", name="Plant a tree", points=10, value=2, cause="Trees for the valley", undo_minutes=0),
    PartnerCode(id="rpool", name="Cinema", points=10),
)


def look(seat: Seat, name: str) -> None:
    """A picture, for whoever wants one."""
    if folder := os.environ.get("SUKI_PICTURES"):
        seat.page.screenshot(path=f"{folder}/{name}-{seat.width}.png", full_page=True)


def redeemed(seat: Seat) -> None:
    """Ana has used some points in every way."""
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    with shop_transaction(seat.stage.engine, seat.stage.shop_id) as conn:
        shop = shops.get(conn, seat.stage.shop_id)
        now = datetime.now(UTC)
        programmes.add(conn, shop.id, Programme(rewards=REWARDS), "test", "", now)
        for number, reward in enumerate(("rfive", "rfive", "rfive", "rtour", "rtree")):
            redeem_points.redeem(conn, shop, 1, reward, None, f"k{number}", "staff:1", now)
    seat.stage.settle()


def test_several_are_taken_back_after_a_look(seat: Seat) -> None:
    redeemed(seat)
    app = seat.open("/app/activity/redemptions")
    look(seat, "redemptions")
    boxes = app.locator('s-checkbox[name="id"]')
    expect(boxes).to_have_count(3)
    boxes.nth(0).click()
    boxes.nth(2).click()
    app.get_by_text("Take back selected").click()
    expect(app.locator("s-page")).to_have_attribute("heading", "Take back 2 redemptions")
    look(seat, "release")
    app.locator("form").get_by_text("Take back 2 redemptions").click()
    expect(app.get_by_text("Taking back").first).to_be_attached()
    seat.stage.settle()
    app = seat.open("/app/activity/redemptions?state=back")
    expect(app.get_by_text("Taken back", exact=True).locator("visible=true")).to_have_count(2)


def test_what_is_to_do_is_done_and_what_was_given_is_paid_out(seat: Seat) -> None:
    redeemed(seat)
    app = seat.open("/app/activity/to-do")
    app.get_by_text("A tour").click()
    expect(app.get_by_text("Call them, any weekday before ten")).to_be_visible()
    look(seat, "fulfilment")
    app.get_by_text("Mark as done").click()
    expect(app.get_by_text("Nothing to do")).to_be_visible()
    app = seat.open("/app/activity/donations")
    look(seat, "donations")
    app.get_by_label("Paid", exact=True).check()
    app.get_by_text("as paid out", exact=False).first.click()
    expect(app.get_by_text("Some donations can still be undone")).to_have_count(0)
    app = seat.open("/app/programme/rewards/rpool")
    look(seat, "pool")
    app.get_by_text("Import codes", exact=True).click()
    look(seat, "codes")
    app = seat.open("/app/programme/rewards")
    expect(app.get_by_text("None left").first).to_be_visible()
    look(seat, "rewards")
    app = seat.open("/app/programme/rewards/rfive")
    look(seat, "reward")
