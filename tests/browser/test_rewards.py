"""From the panel to the storefront and back: a tier is built, points are spent, taken back, and used at checkout."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Seat
from tests.browser.stage import DOMAIN

REWARD = "₱100 off"


def store(seat: Seat, path: str = "/") -> Page:
    """A page of the storefront, in the same browser."""
    seat.page.goto(f"{seat.stage.sandbox.url}/shops/{DOMAIN}{path}")
    return seat.page


def sign_in(seat: Seat, name: str) -> Page:
    """The shopper's rewards, as one of the shop's customers."""
    page = store(seat, "/apps/suki/rewards")
    box = page.get_by_label("Signed in as")
    box.select_option(box.locator("option", has_text=name).get_attribute("value"))
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("heading", name="Your rewards")).to_be_visible()
    return page


def offer_reward(seat: Seat) -> None:
    """Staff make a reward of 50 points."""
    app = seat.open("/app/programme/rewards/new?kind=amount_off")
    app.get_by_label("Name").fill(REWARD)
    app.get_by_label("Price", exact=True).fill("50")
    app.get_by_label("Discount value").fill("100")
    seat.save()
    expect(app.get_by_text(REWARD)).to_be_visible()


def redeem(seat: Seat) -> str:
    """The shopper spends the points; answers the code."""
    seat.page.get_by_role("link", name="Redeem").first.click()
    expect(seat.page.get_by_text(re.compile("^Spend 50 of your"))).to_be_visible()
    seat.page.get_by_role("button", name="Redeem").click()
    expect(seat.page.get_by_role("status")).to_contain_text(f"{REWARD} is yours")
    seat.stage.settle()
    store(seat, "/apps/suki/rewards")
    return redeemed(seat).locator("code").inner_text()


def redeemed(seat: Seat) -> Locator:
    """What was redeemed last, on the shopper's page."""
    return seat.page.locator("h2:text-is('Redeemed') + ul > li").first


def balance(seat: Seat) -> int:
    """The balance that the shopper reads."""
    return int(store(seat, "/apps/suki/rewards").locator(".suki-big").inner_text().replace(",", ""))


def test_a_tier_is_built_and_a_mistake_in_it_is_said_at_its_field(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/programme/tiers")
    app.get_by_role("link", name="Three tiers by yearly spend").click()
    expect(app.get_by_text("Not saved yet")).to_be_visible()
    marks = app.get_by_label("Threshold", exact=True)
    marks.nth(0).fill("5")
    marks.nth(1).fill("5")
    seat.save()
    expect(app.get_by_text(re.compile("enter more than the threshold of Bronze", re.IGNORECASE)).first).to_be_visible()
    app.get_by_label("Threshold", exact=True).nth(1).fill("100000")
    app.get_by_label("Threshold", exact=True).nth(2).fill("200000")
    seat.save()
    expect(app.get_by_text(re.compile("^Version 2, since"))).to_be_visible()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    app = seat.open("/app/members/1")
    expect(app.get_by_text("Bronze").first).to_be_visible()


def test_a_redemption_is_undone_and_another_is_used_at_checkout(seat: Seat) -> None:
    seat.open()
    offer_reward(seat)
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    sign_in(seat, "Ana Reyes")
    before = balance(seat)
    first = redeem(seat)
    assert balance(seat) == before - 50
    redeemed(seat).get_by_role("link", name="Undo").click()
    expect(seat.page.get_by_text(f"The code {first} will stop working")).to_be_visible()
    seat.page.get_by_role("button", name="Undo").click()
    seat.stage.settle()
    assert balance(seat) == before
    expect(redeemed(seat)).to_contain_text("Returned")
    checkout(seat, first)
    expect(seat.page.get_by_text(re.compile("not|cannot|no longer", re.IGNORECASE)).first).to_be_visible()
    second = redeem_again(seat)
    checkout(seat, second.lower())
    expect(seat.page.get_by_text(re.compile("Order #.* is placed"))).to_be_visible()
    seat.stage.settle()
    store(seat, "/apps/suki/rewards")
    expect(redeemed(seat)).to_contain_text("Used")
    expect(redeemed(seat).get_by_role("link", name="Undo")).to_have_count(0)
    seat.troubles[:] = [trouble for trouble in seat.troubles if "400" not in trouble]


def redeem_again(seat: Seat) -> str:
    """As before, from the shopper's page."""
    store(seat, "/apps/suki/rewards")
    return redeem(seat)


def checkout(seat: Seat, code: str) -> None:
    """Buy the first article with a code, as the customer who is signed in."""
    page = store(seat)
    page.locator("input[name^=q]").first.fill("1")
    box = page.locator("select[name=customer]")
    box.select_option(box.locator("option", has_text="Ana Reyes").get_attribute("value"))
    page.get_by_label("Discount codes").fill(code)
    page.get_by_role("button", name="Place the order").click()


def test_the_shoppers_page_is_no_wider_than_the_screen(seat: Seat) -> None:
    seat.open()
    offer_reward(seat)
    seat.stage.buy("Maria Concepcion Esperanza", "Del Rosario-Villanueva-Macapagal")
    seat.stage.settle()
    page = sign_in(seat, "Maria")
    page.locator("summary").first.click()
    width = page.evaluate("document.querySelector('.suki').scrollWidth - document.querySelector('.suki').clientWidth")
    assert width <= 0
