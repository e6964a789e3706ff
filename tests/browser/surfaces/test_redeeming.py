"""Points are spent where the order is placed: used, refused and given back, and in two tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from sandbox.shop import discounts
from sandbox.state import now
from tests.browser.stage import DOMAIN
from tests.browser.surfaces.conftest import Surfaces

pytestmark = pytest.mark.parametrize("seat", ["phone"], indirect=True)
BLOCK = "purchase.checkout"
FIVE_OFF = re.compile("5 off")
HAS = re.compile(r"You have [\d,]+ points")


def standing(surfaces: Surfaces) -> set[str]:
    """The codes that somebody could use now."""
    shop = surfaces.seat.stage.sandbox.shop(DOMAIN)
    active = [one for one in shop.discount.values() if discounts.status(one, now()) == "ACTIVE"]
    return {code["code"] for one in active for code in one["codes"] if not code["uses"]}


@pytest.fixture
def before(surfaces: Surfaces) -> Iterator[set[str]]:
    """The codes that there were; at the end no frame had a complaint."""
    yield standing(surfaces)
    assert surfaces.troubles() == []


def points(frame: Frame) -> int:
    """What the block says that Ana has."""
    return int(re.sub(r"\D", "", frame.get_by_text(HAS).inner_text()))


def take(surfaces: Surfaces, page: Page | None = None) -> Frame:
    """Ana's checkout, and a click on the reward."""
    frame = surfaces.frame(BLOCK, page)
    frame.get_by_role("button", name=FIVE_OFF).first.click()
    return frame


def test_a_click_takes_the_discount_off_and_the_order_uses_the_code(surfaces: Surfaces, before: set[str]) -> None:
    page = surfaces.checkout(surfaces.order["customer_id"])
    had = points(surfaces.frame(BLOCK))
    expect(page.locator("[data-sum=discount]")).to_have_count(0)
    frame = take(surfaces)
    expect(frame.get_by_text("5 off is in use")).to_be_visible()
    expect(page.locator("[data-sum=discount]")).to_have_text("−PHP 5.00")
    expect(frame.get_by_text(HAS)).to_contain_text(f"{had - 10:,}")
    [code] = standing(surfaces) - before
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    surfaces.seat.stage.settle()
    order = max(surfaces.seat.stage.sandbox.shop(DOMAIN).order.values(), key=lambda one: one["id"])
    assert [one["code"] for one in order["codes"]] == [code]
    assert code not in standing(surfaces)


@pytest.mark.parametrize("trouble", ["checkout_code_ignored", "checkout_code_error"])
def test_a_code_that_the_checkout_refuses_is_given_back_at_once(
    surfaces: Surfaces, before: set[str], trouble: str
) -> None:
    surfaces.checkout(surfaces.order["customer_id"])
    had = points(surfaces.frame(BLOCK))
    surfaces.seat.stage.sandbox.trouble.set(**{trouble: 1})
    frame = take(surfaces)
    expect(frame.get_by_text("This order can't use 5 off")).to_be_visible()
    surfaces.seat.stage.settle()
    assert standing(surfaces) == before
    surfaces.page.reload()
    assert points(surfaces.frame(BLOCK)) == had


def test_a_code_that_the_buyer_takes_out_is_offered_for_return(surfaces: Surfaces, before: set[str]) -> None:
    page = surfaces.checkout(surfaces.order["customer_id"])
    had = points(surfaces.frame(BLOCK))
    frame = take(surfaces)
    expect(frame.get_by_text("5 off is in use")).to_be_visible()
    page.locator("[data-remove]").click()
    expect(frame.get_by_text("You took it out of this order.")).to_be_visible()
    frame.get_by_role("button", name=re.compile("Return")).click()
    surfaces.seat.stage.settle()
    expect(frame.get_by_text("We took back 5 off")).to_be_visible()
    surfaces.seat.stage.settle()
    assert standing(surfaces) == before
    expect(frame.get_by_text(HAS)).to_contain_text(f"{had:,}")


def test_two_tabs_lose_nothing(surfaces: Surfaces, before: set[str]) -> None:
    first = surfaces.checkout(surfaces.order["customer_id"])
    had = points(surfaces.frame(BLOCK))
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        surfaces.frame(BLOCK, page)
    take(surfaces, first)
    frame = take(surfaces, second)
    expect(frame.locator("s-banner")).to_be_visible()
    expect(surfaces.frame(BLOCK, first).locator("s-banner")).to_be_visible()
    surfaces.seat.stage.settle()
    first.reload()
    left = points(surfaces.frame(BLOCK, first))
    assert had - left == 10 * len(standing(surfaces) - before)
    second.close()
