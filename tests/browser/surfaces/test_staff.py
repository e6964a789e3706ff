"""Staff give points on the page of the customer in the admin, and the block on it shows them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.surfaces.conftest import Surfaces

BLOCK, ACTION, ORDER = "customer-details.block", "customer-details.action", "order-details.block"


@pytest.mark.parametrize("seat", ["desktop"], indirect=True)
def test_points_are_given_with_a_reason_and_the_block_shows_them(surfaces: Surfaces) -> None:
    page = surfaces.page
    page.goto(f"{surfaces.root}/admin/customers/{surfaces.order['customer_id']}")
    block = surfaces.frame(BLOCK)
    expect(block.locator("s-heading")).to_have_text(re.compile(r"^[\d,]+ points$"))
    had = int(re.sub(r"\D", "", block.locator("s-heading").inner_text()))
    block.get_by_role("button", name="Give or take points").click()
    action = surfaces.frame(ACTION)
    action.get_by_role("button", name="Save").click()
    expect(action.get_by_text("Enter a reason.")).to_be_visible()
    action.get_by_label("Points", exact=True).fill("50")
    action.get_by_label("Reason").fill("Late delivery")
    action.get_by_role("button", name="Save").click()
    action.get_by_role("button", name="Close").click()
    page.reload()
    block = surfaces.frame(BLOCK)
    expect(block.locator("s-heading")).to_have_text(f"{had + 50:,} points")
    expect(block.get_by_text("Manual adjustment: 50 points")).to_be_visible()
    page.goto(f"{surfaces.root}/admin/orders/{surfaces.order['id']}")
    expect(surfaces.frame(ORDER).locator("s-heading")).to_have_text(f"{had:,} points")
    assert surfaces.troubles() == []
