"""A member in Shopify's customer account: what they have, redeem and return, read and decide."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.surfaces.conftest import Surfaces

PAGE, PROFILE, ORDERS = "customer-account.page", "customer-account.profile", "customer-account.order-index"
POINTS = re.compile(r"^[\d,]+ points$")
CODE = re.compile(r"^SUKI-")
ON_A_PHONE = pytest.mark.parametrize("seat", ["phone"], indirect=True)


def part(surfaces: Surfaces, name: str) -> Frame:
    """One part of the rewards page, as Ana sees it."""
    surfaces.go("account/pages/account-rewards", surfaces.order["customer_id"])
    frame = surfaces.frame(PAGE)
    frame.get_by_role("button", name=name, exact=True).click()
    return frame


def balance(frame: Frame) -> int:
    """What the part with rewards says that Ana has."""
    return int(re.sub(r"\D", "", frame.get_by_text(re.compile(r"^You have [\d,]+ points\.$")).inner_text()))


def test_points_become_a_code_and_come_back_from_it(surfaces: Surfaces) -> None:
    frame = part(surfaces, "Rewards")
    expect(frame.get_by_text("5 off", exact=True).first).to_be_visible()
    had = balance(frame)
    frame.get_by_role("button", name="Redeem 5 off").click()
    expect(frame.get_by_text("Spend 10 points?")).to_be_visible()
    assert balance(frame) == had
    frame.locator("#redeem-rfive").get_by_role("button", name="Redeem").click()
    expect(frame.get_by_text(f"You have {had - 10:,} points.", exact=True)).to_be_visible()
    expect(frame.get_by_text(CODE).last).to_be_visible()
    frame.get_by_role("button", name="Return 5 off").click()
    returned = frame.locator("s-modal[id^=release]").filter(has_text="10 points will be available again")
    returned.get_by_role("button", name="Return").click()
    surfaces.seat.stage.settle()
    expect(frame.get_by_text(f"You have {had:,} points.", exact=True)).to_be_visible()
    frame.get_by_text("Past codes and rewards", exact=True).click()
    expect(frame.get_by_text("Returned", exact=True).first).to_be_visible()
    assert surfaces.troubles() == []


@ON_A_PHONE
def test_the_history_explains_itself_and_is_there_as_a_file(surfaces: Surfaces) -> None:
    frame = part(surfaces, "History")
    frame.get_by_text("Why?").first.click()
    expect(frame.get_by_role("listitem").first).to_be_visible()
    frame.get_by_role("button", name="Prepare CSV").click()
    link = frame.get_by_role("link", name="Download CSV")
    expect(link).to_be_visible()
    answer = surfaces.page.request.get(link.get_attribute("href") or "")
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "text/csv")
    assert surfaces.troubles() == []


@ON_A_PHONE
def test_leaving_waits_for_the_mail_that_confirms_it(surfaces: Surfaces) -> None:
    frame = part(surfaces, "Your details")
    frame.get_by_role("button", name="Leave the programme").click()
    expect(frame.get_by_text("You keep your points but can't spend them")).to_be_visible()
    frame.get_by_role("button", name="Send me the link").click()
    expect(frame.locator("s-banner")).to_be_visible()
    surfaces.page.reload()
    expect(surfaces.frame(PAGE).get_by_role("button", name="Overview")).to_be_visible()
    surfaces.seat.stage.settle()
    page = surfaces.page
    page.goto(f"{surfaces.seat.stage.sandbox.url}/mailbox?to=ana.reyes@example.com")
    page.locator("main a[href*='/mailbox/']").first.click()
    assert "/apps/suki/step/" in page.content()


@ON_A_PHONE
def test_the_profile_and_the_list_of_orders_lead_to_the_page(surfaces: Surfaces) -> None:
    for path, target, control in (("account/orders", ORDERS, "link"), ("account/profile", PROFILE, "link")):
        surfaces.go(path, surfaces.order["customer_id"])
        frame = surfaces.frame(target)
        frame.get_by_role(control, name="Open your rewards").click()
        surfaces.page.wait_for_url("**/account/pages/account-rewards**")
        expect(surfaces.frame(PAGE).get_by_text(POINTS).first).to_be_visible()
        assert surfaces.troubles() == []
