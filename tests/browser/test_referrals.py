"""Staff let members invite friends; a link goes from a member to a friend, to the checkout, and back as points."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from plugin.store.database.db import shop_transaction
from tests.browser.conftest import Seat
from tests.browser.test_campaigns import look, no_sideways_scrolling
from tests.browser.test_rewards import balance, sign_in, store

FRIEND = "ben.lim@example.org"
REWARD = 500


def switch_on(seat: Seat) -> None:
    """Staff switch referrals on, with the reward at once; a mistake is said at its field."""
    app = seat.open("/app/programme/referrals")
    app.get_by_label("Members can invite friends").check()
    days = app.get_by_label("Given after")
    days.fill("900")
    seat.save()
    expect(app.get_by_text(re.compile("365")).first).to_be_visible()
    expect(app.get_by_label("Members can invite friends")).to_be_checked()
    days.fill("0")
    seat.save()
    expect(app.get_by_text(re.compile("^Version 2, since"))).to_be_visible()
    expect(app.get_by_label("Members can invite friends")).to_be_checked()
    no_sideways_scrolling(app)
    look(seat, "referrals")


def own_link(seat: Seat) -> str:
    """Ana reads her link on the storefront."""
    page = sign_in(seat, "Ana Reyes")
    page.get_by_role("link", name="Invite friends").click()
    expect(page.get_by_text(re.compile(f"You get: {REWARD} points."))).to_be_visible()
    expect(page.get_by_text("No one has used your link yet.")).to_be_visible()
    fits(page)
    look(seat, "friends")
    return page.get_by_role("code").first.inner_text()


def sign_out(seat: Seat) -> None:
    page = store(seat, "/apps/suki/rewards")
    page.get_by_label("Signed in as").select_option("")
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".suki-big")).to_have_count(0)


def fits(page: Page) -> None:
    """No sideways scrolling within what is ours of the storefront."""
    wide = page.evaluate("document.querySelector('.suki').scrollWidth - document.querySelector('.suki').clientWidth")
    assert wide <= 0


def ask(seat: Seat, email: str) -> None:
    seat.page.get_by_label("Your email address").fill(email)
    seat.page.get_by_role("button", name="Get the code").click()


def refused(seat: Seat, email: str, words: str) -> None:
    """The address is refused in these words, and is still there to be put right."""
    ask(seat, email)
    expect(seat.page.get_by_role("alert")).to_have_text(words)
    box = seat.page.get_by_label("Your email address")
    expect(box).to_have_value(email)
    told = str(box.get_attribute("aria-describedby")).split()
    assert told == [seat.page.get_by_role("alert").get_attribute("id"), "suki-privacy"]


def claim(seat: Seat, link: str) -> str:
    """A friend follows the link on a telephone of their own, makes a mistake, and finds the code in the mail."""
    page = seat.page
    page.context.set_extra_http_headers({"User-Agent": "Ben's telephone"})
    page.goto(link)
    expect(page.get_by_role("heading", name="Ana has something for you")).to_be_visible()
    expect(page.get_by_text("10% off")).to_be_visible()
    fits(page)
    refused(seat, "ben@nowhere", "Please enter a valid email address.")
    look(seat, "invitation-refused")
    ask(seat, FRIEND)
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    fits(page)
    look(seat, "friends-code-sent")
    seat.stage.work = replace(seat.stage.work, clock=lambda: datetime.now(UTC))  # else the code begins later than now
    seat.stage.settle()
    return code_in_mail(seat)


def code_in_mail(seat: Seat) -> str:
    """What the newest mail to the friend says."""
    seat.page.goto(f"{seat.stage.sandbox.url}/mailbox?to={FRIEND}")
    seat.page.get_by_text("A friend sent you something").first.click()
    found = re.search(r"\bFRIEND[A-Z0-9-]+", seat.page.locator("body").inner_text())
    assert found
    return found[0]


def shop_with(seat: Seat, code: str) -> None:
    """The friend goes on to the shop, fills the code in, and pays."""
    page = store(seat, "")
    page.get_by_label("Discount codes").fill(code)
    page.locator("input[name^=q]").first.fill("1")
    page.get_by_label("E-mail").fill(FRIEND)
    page.get_by_label("First name").fill("Ben")
    page.get_by_label("Last name").fill("Lim")
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_text(re.compile("Order #.* is placed"))).to_be_visible()
    expect(page.get_by_text(code).first).to_be_visible()
    seat.stage.settle()
    later = timedelta(minutes=5)  # Shopify may have been asked whether the friend is new: it is looked at again
    seat.stage.work = replace(seat.stage.work, clock=lambda: datetime.now(UTC) + later)
    seat.stage.settle()


def test_a_link_becomes_a_code_an_order_and_points(seat: Seat) -> None:
    seat.open()
    switch_on(seat)
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    link = own_link(seat)
    before = balance(seat)
    sign_out(seat)
    code = claim(seat, link)
    assert code.startswith("FRIEND")
    shop_with(seat, code)
    seen_by_the_member(seat, before)
    seen_by_staff(seat)


def test_a_friend_claims_once_and_the_page_says_the_same_to_everybody(seat: Seat) -> None:
    seat.open()
    switch_on(seat)
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    link = own_link(seat)
    sign_out(seat)
    code = claim(seat, link)
    for address in (FRIEND, "Ana.Reyes@example.com"):
        seat.page.goto(link)
        ask(seat, address)
        expect(seat.page.get_by_role("heading", name="Check your email")).to_be_visible()
        seat.stage.settle()
    assert code_in_mail(seat) == code


def seen_by_the_member(seat: Seat, before: int) -> None:
    sign_in(seat, "Ana Reyes")
    assert earned(seat) == before + REWARD
    expect(seat.page.get_by_text("For a friend's order").first).to_be_attached()
    seat.page.get_by_role("link", name="Invite friends").click()
    row = seat.page.locator(".suki-row")
    expect(row).to_contain_text("Rewarded")
    expect(row).not_to_contain_text("ben.lim")
    fits(seat.page)


def earned(seat: Seat) -> int:
    """The balance with what is on its way: the worker's clock is ahead of the page's."""
    with shop_transaction(seat.stage.engine, seat.stage.shop_id) as conn:
        return int(conn.exec_driver_sql("SELECT sum(points) FROM entries WHERE member_id = 1").scalar_one())


def seen_by_staff(seat: Seat) -> None:
    app = seat.open("/app/programme/referrals/review")
    expect(app.get_by_text("Nothing to review")).to_be_visible()
    app.get_by_role("link", name=re.compile("^Rewarded")).click()
    expect(app.get_by_text("Ana Reyes → Ben Lim")).to_be_visible()
    no_sideways_scrolling(app)
    look(seat, "referrals-review")
    app = seat.open("/app/members/1")
    expect(app.get_by_role("link", name="Invited a friend")).to_be_visible()
    no_sideways_scrolling(app)
    app.get_by_role("link", name="Invited a friend").click()
    expect(app.get_by_role("link", name="Invited by a member")).to_be_visible()
