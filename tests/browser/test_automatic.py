"""The merchant thanks members for their first order; the next buyer finds the gift among their rewards."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.test_rewards import offer_reward, redeemed, sign_in

REWARD = "₱100 off"


def test_a_first_order_brings_a_gift(seat: Seat) -> None:
    seat.open()
    offer_reward(seat)
    app = seat.open("/app/programme/automatic")
    expect(app.get_by_text("No automatic rules yet")).to_be_visible()
    app.get_by_role("link", name="Milestone").click()
    app.get_by_label("Name").fill("First order")
    seat.save()
    expect(app.get_by_text("Enter points, select a reward, or do both.", exact=True)).to_be_visible()
    app.get_by_label("Points").fill("25")
    app.get_by_label("Reward").select_option(label=REWARD)
    seat.save()
    expect(app.get_by_text("First order").first).to_be_visible()
    expect(app.get_by_text("Active", exact=True)).to_be_visible()
    seat.stage.buy("Ana", "Cruz")
    seat.stage.settle()
    page = sign_in(seat, "Ana Cruz")
    expect(redeemed(seat)).to_contain_text(REWARD)
    expect(redeemed(seat)).to_contain_text("A gift from us. Thank you for your first order.")
    expect(page.get_by_role("link", name="Undo")).to_have_count(0)
    app = seat.open("/app/programme/automatic")
    expect(app.get_by_text("25 points and")).to_be_visible()
