"""The shopper's pages as people meet them: joining, redeeming and copying, inviting; and axe-core on every one of them,
as a visitor, a member and somebody with nothing yet, also from right to left."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.browser.storefront.conftest import Front
from tests.sandbox.surfaces.axe import serious

PAGES = ("rewards", "earn", "friends", "history", "own", "rewards/r1", "rewards/r3", "nothing-here")
ACCENTS = ("", "#ffd400")


def nothing_wrong(page: Page) -> list[str]:
    """What axe-core finds, and whether what is ours is wider than the screen."""
    wide = page.evaluate("document.querySelector('.suki').scrollWidth > document.querySelector('.suki').clientWidth")
    outside = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url}: {one}" for one in [*serious(page), *(["too wide"] if wide or outside else [])]]


def test_a_visitor_joins_redeems_and_copies_the_code(front: Front) -> None:
    page = front.go("/apps/suki/rewards")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("rewards$"))
    join = page.get_by_role("link", name="Join now")
    assert "/customer_authentication/login?return_to=" in str(join.get_attribute("href"))
    front.sign_in()  # what the shop's own sign-in page does
    page = front.go("/apps/suki/rewards")
    page.get_by_role("link", name="Redeem ₱100 off for 100 points", exact=True).click()
    page.get_by_role("button", name="Redeem").click()
    expect(page.get_by_role("status").first).to_contain_text("₱100 off is yours")
    front.stage.settle()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = front.go("/apps/suki/rewards")
    code = page.get_by_role("code").first.inner_text()
    page.get_by_role("button", name=f"Copy {code}").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code


def test_a_member_shares_their_link_where_people_are(front: Front) -> None:
    front.sign_in()
    page = front.go("/apps/suki/friends")
    link = page.get_by_role("code").inner_text()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    viber = str(page.get_by_role("link", name="Viber").get_attribute("href"))
    assert viber.startswith("viber://forward?text=Here%27s%20a%20gift")
    assert link.rpartition("/")[2] in viber
    with shop_transaction(front.stage.engine, front.stage.shop_id) as conn:
        shops.merge_settings(conn, front.stage.shop_id, {"look": {"share": "whatsapp"}})
    page.reload()
    expect(page.get_by_role("link", name="WhatsApp")).to_be_visible()
    expect(page.get_by_role("link", name="Viber")).to_have_count(0)


def test_a_friend_reads_of_the_gift_first_and_of_privacy_last(front: Front) -> None:
    front.sign_in()
    path = "/apps/suki/r/" + front.go("/apps/suki/friends").get_by_role("code").inner_text().rpartition("/")[2]
    front.page.context.clear_cookies()
    page = front.go(path)
    read = page.locator(".suki").inner_text()
    assert read.index("10% off") < read.index("Get the code") < read.index("we keep a hash")
    field = page.get_by_label("Your email address")
    expect(field).to_have_accessible_description(re.compile("only use this address to send you the code"))
    assert nothing_wrong(page) == []


def visits(front: Front) -> Iterator[Page]:
    """Every page, as a visitor and as Ana."""
    for path in ("rewards", "nothing-here"):
        yield front.go(f"/apps/suki/{path}")
    front.sign_in()
    for path in PAGES:
        yield front.go(f"/apps/suki/{path}")


@pytest.mark.parametrize("accent", ACCENTS)
def test_no_page_has_a_serious_finding_whatever_the_brands_colour(front: Front, accent: str) -> None:
    with shop_transaction(front.stage.engine, front.stage.shop_id) as conn:
        shops.merge_settings(conn, front.stage.shop_id, {"look": {"accent": accent}})
    assert [one for page in visits(front) for one in nothing_wrong(page)] == []


def test_pages_in_arabic_run_from_right_to_left_and_have_no_serious_finding(front: Front) -> None:
    front.stage.execute("UPDATE shops SET locale = 'ar'")
    front.stage.execute("UPDATE members SET locale = 'ar'")
    for page in visits(front):
        assert page.locator(".suki").get_attribute("dir") == "rtl"
        assert nothing_wrong(page) == []


def test_a_page_can_be_read_and_used_without_scripts(front: Front, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(f"{front.root}/apps/suki/rewards")
    expect(page.get_by_role("heading", name="Ways to earn")).to_be_visible()
    expect(page.get_by_role("link", name="Join now")).to_be_visible()
    context.close()
