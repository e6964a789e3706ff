"""What a buyer reads of an order: as a guest on the thank-you page, from a mail's link, and signed in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, expect

from sandbox.webhooks.payloads import order_body
from tests.browser.stage import DOMAIN
from tests.browser.surfaces.conftest import Surfaces

pytestmark = pytest.mark.parametrize("seat", ["phone"], indirect=True)
THANKS, STATUS = "purchase.thank-you", "order-status"
POINTS = re.compile(r"^[\d,]{4,} points$")
EARNED = re.compile(r"You earned [\d,]+ points with this order")
BRINGS = re.compile(r"This order brings [\d,]+ points")


def words(frame: Frame) -> str:
    """All that the frame shows."""
    return frame.locator("body").inner_text()


def test_a_guest_buys_asks_for_the_points_and_has_them_once_there_is_an_account(surfaces: Surfaces) -> None:
    page = surfaces.checkout()
    page.get_by_label("Email").fill("grace@example.com")
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    surfaces.seat.stage.settle()
    frame = surfaces.frame(THANKS)
    expect(frame.get_by_text(BRINGS)).to_be_visible()
    assert not EARNED.search(words(frame))
    expect(frame.get_by_role("button", name="Send me the email")).to_be_visible()
    assert "SUKI-" not in words(frame)
    frame.get_by_role("button", name="Send me the email").click()
    expect(frame.get_by_text("We've sent an email to the address of your order.")).to_be_visible()
    surfaces.seat.stage.settle()
    box = surfaces.seat.stage.sandbox.box
    [claim] = [mail for mail in box.post.list("grace@", 10) if "waiting" in mail.subject]
    assert f"{surfaces.root}/account" in claim.part("plain")
    assert surfaces.troubles() == []
    grace = box.enrol(
        surfaces.seat.stage.sandbox.shop(DOMAIN), first_name="Grace", last_name="Lim", email="grace@example.com"
    )
    surfaces.seat.stage.settle()
    surfaces.go("account", grace["id"])
    page.get_by_role("link", name="Rewards").click()
    expect(surfaces.frame("customer-account.page").get_by_text(POINTS).first).to_be_visible()
    assert surfaces.troubles() == []


def test_a_link_from_the_mail_shows_the_orders_points_and_nothing_of_the_member(surfaces: Surfaces) -> None:
    sandbox = surfaces.seat.stage.sandbox
    address = order_body(sandbox.shop(DOMAIN), surfaces.order)["order_status_url"]
    surfaces.page.goto(address.replace(f"https://{DOMAIN}/", f"{surfaces.root}/"))
    frame = surfaces.frame(STATUS)
    expect(frame.get_by_text(EARNED)).to_be_visible()
    assert "SUKI-" not in words(frame)
    assert "Reyes" not in surfaces.page.locator("main").inner_text() + words(frame)
    assert surfaces.troubles() == []
    surfaces.go(f"account/orders/{surfaces.order['id']}", surfaces.order["customer_id"])
    frame = surfaces.frame(STATUS)
    expect(frame.get_by_text(EARNED)).to_be_visible()
    expect(frame.get_by_text(re.compile("SUKI-"))).to_be_visible()
    assert surfaces.troubles() == []


def test_an_order_that_the_app_has_not_heard_of_is_no_error(surfaces: Surfaces) -> None:
    surfaces.seat.stage.sandbox.trouble.set(webhook_loss=1)
    page = surfaces.checkout(surfaces.order["customer_id"])
    page.get_by_role("button", name="Pay now").click()
    frame = surfaces.frame(THANKS)
    expect(frame.locator("s-section")).to_be_visible()
    expect(frame.get_by_text(EARNED)).to_have_count(0)
    expect(frame.locator("s-banner[tone=critical]")).to_have_count(0)
    assert surfaces.troubles() == []
