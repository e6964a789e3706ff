"""The shopper's pages as people meet them: joining, redeeming, copying, inviting a friend; and axe-core on every one of
them, as a visitor and as a member, also from right to left and in a colour on which white cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playwright.sync_api import Page, expect

from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.browser.storefront.conftest import Front
from tests.sandbox.surfaces.axe import serious

PAGES = ("rewards", "earn", "friends", "history", "own", "rewards/r1", "nothing-here")


def nothing_wrong(page: Page) -> list[str]:
    """What axe-core finds, and whether what is ours is wider than the screen."""
    wide = page.evaluate("document.querySelector('.suki').scrollWidth > document.querySelector('.suki').clientWidth")
    outside = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url}: {one}" for one in [*serious(page), *(["too wide"] if wide or outside else [])]]


def wear(front: Front, **look: str) -> None:
    """The merchant chooses how the pages look."""
    with shop_transaction(front.stage.engine, front.stage.shop_id) as conn:
        shops.merge_settings(conn, front.stage.shop_id, {"look": look})


def test_a_visitor_joins_redeems_copies_the_code_and_invites_a_friend(front: Front) -> None:
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
    friend_reads(front, shared(front))


def shared(front: Front) -> str:
    """The member's link, offered where people are: where the shop's currency says, or where the merchant says."""
    page = front.go("/apps/suki/friends")
    link = page.get_by_role("code").inner_text()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    viber = str(page.get_by_role("link", name="Viber").get_attribute("href"))
    assert viber.startswith("viber://forward?text=Here%27s%20a%20gift")
    assert link.rpartition("/")[2] in viber
    wear(front, share="whatsapp")
    page.reload()
    expect(page.get_by_role("link", name="WhatsApp")).to_be_visible()
    expect(page.get_by_role("link", name="Viber")).to_have_count(0)
    return link.rpartition("/")[2]


def friend_reads(front: Front, word: str) -> None:
    """Of the gift first, and of privacy last, at the field it is about."""
    front.page.context.clear_cookies()
    page = front.go(f"/apps/suki/r/{word}")
    read = page.locator(".suki").inner_text()
    assert read.index("10% off") < read.index("Get the code") < read.index("we keep a hash")
    field = page.get_by_label("Your email address")
    expect(field).to_have_accessible_description(re.compile("only use this address to send you the code"))
    assert nothing_wrong(page) == []


def visits(front: Front, paths: Sequence[str]) -> Iterator[Page]:
    """The rewards as a visitor, and each page as Ana."""
    front.page.context.clear_cookies()
    yield front.go("/apps/suki/rewards")
    front.sign_in()
    for path in paths:
        yield front.go(f"/apps/suki/{path}")


def test_no_page_has_a_serious_finding_in_any_direction_and_colour(front: Front) -> None:
    found = [one for page in visits(front, PAGES) for one in nothing_wrong(page)]
    wear(front, accent="#ffd400")
    front.stage.execute("UPDATE shops SET locale = 'ar'")
    front.stage.execute("UPDATE members SET locale = 'ar'")
    for page in visits(front, ("rewards", "earn", "friends")):
        assert page.locator(".suki").get_attribute("dir") == "rtl"
        found += nothing_wrong(page)
    assert found == []
    front.troubles[:] = [one for one in front.troubles if "404" not in one]  # nothing is there, as it says
