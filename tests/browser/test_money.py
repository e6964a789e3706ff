"""From the panel to the storefront: a gift card bought with points, its code, paying with it, and what staff see."""

from __future__ import annotations

import os
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Seat
from tests.browser.test_rewards import redeemed, sign_in, store

CARD = "A ₱50 gift card"


def picture(page: Page, name: str, width: int) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def shown_after_a_mail(seat: Seat) -> str:
    """The code, which only whoever reads the member's mail gets to see: a link, a question, the code, once."""
    page = seat.page
    redeemed(seat).get_by_role("link", name="Show the code").click()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    seat.stage.settle()
    page.goto(f"{seat.stage.sandbox.url}/mailbox?to=nena.cruz@example.com")
    page.locator("main a[href*='/mailbox/']").first.click()
    found = re.search(r"https?://\S+/step/[^\s\"<]+", page.locator("body").inner_text())
    assert found
    page.goto(found[0])
    page.get_by_role("button", name="Show the code").click()
    return page.locator("code").first.inner_text()


def test_a_gift_card_is_offered_bought_shown_to_its_owner_and_spent(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Nena", "Cruz")
    seat.stage.settle()
    app = seat.open("/app/programme/rewards/new?kind=gift_card")
    app.get_by_label("Name").fill(CARD)
    app.get_by_label("Price", exact=True).fill("50")
    app.get_by_label("Gift card amount").fill("50")
    picture(seat.page, "reward", seat.width)
    seat.save()
    expect(app.get_by_text(CARD)).to_be_visible()
    page = sign_in(seat, "Nena")
    page.get_by_role("link", name="Redeem").first.click()
    expect(page.get_by_text("You'll get your own gift card.")).to_be_visible()
    page.get_by_role("button", name="Redeem").click()
    expect(page.get_by_role("status")).to_contain_text("The card will appear here shortly")
    seat.stage.settle()
    store(seat, "/apps/suki/rewards")
    code = shown_after_a_mail(seat)
    assert re.fullmatch(r"[A-Z2-9]{4}( [A-Z2-9]{4}){3}", code)
    picture(page, "shopper", seat.width)
    order = seat.stage.buy("Nena", "Cruz", gift_card=code)
    assert [part["gateway"] for part in order["transactions"]][0] == "gift_card"
    app = seat.open("/app/members")
    app.get_by_text("Nena Cruz").first.click()
    expect(app.get_by_text(re.compile("^REF-")).first).to_be_visible()
    assert code.replace(" ", "").lower() not in app.content().lower().replace(" ", "")
    app.get_by_text(re.compile("^REF-")).first.click()
    expect(app.get_by_text("Only the member can see its code")).to_be_visible()
    picture(seat.page, "redemption", seat.width)
    app.get_by_text(re.compile("^Return 50")).click()
    seat.stage.settle()
    app = seat.open("/app/programme/cashback")
    expect(app.get_by_text("To be deducted")).to_be_visible()
    picture(seat.page, "cashback", seat.width)
    page = store(seat, "/apps/suki/rewards")
    expect(redeemed(seat).get_by_role("link", name="Show the code")).to_be_visible()
    expect(redeemed(seat).get_by_role("link", name="Undo")).to_have_count(0)
