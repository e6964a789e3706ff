"""Take the merchant guide's pictures anew from a running demo: python scripts/screenshots.py [sandbox address]"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "using" / "images"
SHOP = "/shops/suki-demo.myshopify.com"
WIDE, PHONE, ACCOUNT_HEIGHT = 1280, 390, 1200
BUYER = 4000000000032
"""The customer of the demo's history whose pages are shown, Renée Nguyen: she reads English and has points."""
PANEL = {
    "home": ("/app", 900),
    "members": ("/app/members?tier=silver&points_from=100", 900),
    "member": ("/app/members/by-customer?id=4000000000047", 1300),
    "programme": ("/app/programme", 1500),
    "rewards": ("/app/programme/rewards", 640),
    "tiers": ("/app/programme/tiers", 1300),
    "referrals": ("/app/programme/referrals", 1300),
    "versions": ("/app/programme/versions", 900),
    "emails": ("/app/messages/emails", 900),
    "email-editor": ("/app/messages/emails/order_confirmation", 1150),
    "email-versions": ("/app/messages/emails/order_confirmation/versions?old=0&new=draft", 1300),
    "email-settings": ("/app/messages/emails/birthday/settings", 640),
    "brand": ("/app/messages/brand", 1100),
    "mailings": ("/app/messages/mailings", 700),
    "shopify-mail": ("/app/messages/shopify", 900),
    "deliveries": ("/app/activity", 640),
}
STORE = {"product", "page", "panel", "panel-phone", "reward-phone", "cart-phone"}
"""Which pictures of the online store the guide has."""
SHOPPER = {
    "shopper-rewards": "/apps/suki/rewards",
    "shopper-earn": "/apps/suki/earn",
    "shopper-friends": "/apps/suki/friends",
}

CART = "checkout?lines=5000000000009:1,5000000000012:1,5000000000015:1"
LEAST = 560
STRIPPED = ".strip { display: none } body { min-height: 0 !important }"
SETTLED_MS = 600
"""How long frames are drawn anew, and what fades in fades."""


def main(address: str) -> None:
    """Every picture, wide ones of the panel, narrow ones of the shopper's pages, both of the surfaces."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        for name, (path, height) in PANEL.items():
            _panel(browser, f"{address}{SHOP}/admin/apps/suki{path}", WIDE, height).screenshot(
                path=IMAGES / f"{name}.png"
            )
        for name in ("home", "member"):
            page = _panel(browser, f"{address}{SHOP}/admin/apps/suki{PANEL[name][0]}", PHONE, 844)
            page.screenshot(path=IMAGES / f"{name}-phone.png")
        _emails(browser, f"{address}{SHOP}/admin/apps/suki{PANEL['email-editor'][0]}")
        _calendar(browser, f"{address}{SHOP}/admin/apps/suki/app/messages/calendar")
        _shopper(browser, address)
        for width, height, suffix in ((WIDE, 860, ""), (PHONE, 844, "-phone")):
            _store(browser, f"{address}{SHOP}", width, height, suffix)
        _account(browser, address)
        _first_day(browser, address)
        for width in (WIDE, PHONE):
            _checkout(browser, f"{address}{SHOP}", width)
            _staff(browser, f"{address}{SHOP}", width)
        browser.close()


def _panel(browser: Browser, address: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="en-US")
    page.goto(address)
    page.frame_locator("iframe").locator("s-page").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


def _signed_in(browser: Browser, shop: str, width: int, height: int, path: str) -> Page:
    """A page of the store, as the buyer."""
    page = browser.new_context(viewport={"width": width, "height": height}, locale="en-US").new_page()
    back = quote(f"{SHOP}/{path}", safe="")
    page.goto(f"{shop}/surfaces/sign-in?customer={BUYER}&back={back}")
    return page


def _take_surface(page: Page, name: str, width: int, least: int = LEAST, most: int = 1600) -> None:
    """A surface without the sandbox's own strip, as tall as it is, once all of its frames have begun."""
    for frame in page.locator("iframe.extension:visible").all():
        frame.content_frame.locator("html[data-begun]").wait_for()
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=STRIPPED)
    for height in (
        most,
        LEAST,
        None,
    ):  # a body is never lower than its window: first lay out, then measure in a low one
        tall = height or min(most, max(least, page.evaluate("document.body.scrollHeight")))
        page.set_viewport_size({"width": width, "height": tall})
        page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=IMAGES / f"{name}{'' if width == WIDE else '-phone'}.png")


def _first_day(browser: Browser, address: str) -> None:
    """A shop of its own that has just installed the app, with the owner as its only customer."""
    name = f"luna-{int(time.time())}"
    page = browser.new_page(viewport={"width": WIDE, "height": 900}, locale="en-US")
    page.request.post(f"{address}/shops", form={"name": "Luna", "domain": name, "currency": "PHP"})
    shop = f"{address}/shops/{name}.myshopify.com"
    mia = {"email": "mia@example.com", "first_name": "Mia", "last_name": "Cruz"}
    page.request.post(f"{shop}/customers", form=mia)
    app = f"{shop}/admin/apps/suki"
    _panel(browser, f"{app}/app", WIDE, 760).screenshot(path=IMAGES / "first-home.png")
    start = _panel(browser, f"{app}/app/start?goods=often&margin=fair&aim=repeat", WIDE, 1240)
    start.screenshot(path=IMAGES / "first-start.png")
    start.frame_locator("iframe").get_by_text("Use this start").click()
    start.frame_locator("iframe").locator("s-page[heading=Home]").wait_for()
    launch = _panel(browser, f"{app}/app/settings/launch", WIDE, 960)
    frame = launch.frame_locator("iframe")
    frame.get_by_label("Customer").fill(mia["email"])
    frame.get_by_text("Make a test member").click()
    frame.get_by_text("Make a regular member").wait_for()
    launch.wait_for_timeout(SETTLED_MS)
    launch.screenshot(path=IMAGES / "first-launch.png")


def _checkout(browser: Browser, shop: str, width: int) -> None:
    page = _signed_in(browser, shop, width, 844, CART)
    page.locator("iframe.extension").first.content_frame.get_by_role("button", name="Use 500 points").wait_for()
    _take_surface(page, "checkout", width)
    page.get_by_role("button", name="Pay now").click()
    page.locator("iframe.extension").first.content_frame.get_by_text(re.compile("points with this order")).wait_for()
    _take_surface(page, "thank-you", width)


def _staff(browser: Browser, shop: str, width: int) -> None:
    """The till with a sale of the buyer's, their page there; the admin's pages of the customer and of an order."""
    page = browser.new_context(viewport={"width": width, "height": 844}, locale="en-US").new_page()
    page.goto(f"{shop}/till/customers/{BUYER}")
    _take_surface(page, "till-customer", width, 844, 844)
    page.get_by_text("Add to the cart").click()
    page.goto(f"{shop}/till")
    page.get_by_role("button", name=re.compile("^Rattan tray")).click()
    page.locator("iframe.extension").first.content_frame.get_by_text("Rewards").first.click()
    page.locator("iframe.extension").last.content_frame.get_by_role("button", name="Redeem ₱100 off").wait_for()
    _take_surface(page, "till", width, 844, 844)
    page.goto(f"{shop}/admin/customers/{BUYER}")
    page.locator("iframe.extension").first.content_frame.get_by_text("Redeem for this customer").wait_for()
    _take_surface(page, "admin-customer", width)
    page.locator("a[href*='/admin/orders/']").first.click()
    page.locator("iframe.extension").first.content_frame.locator("html[data-begun]").wait_for()
    _take_surface(page, "admin-order", width)


def _emails(browser: Browser, address: str) -> None:
    """The editor on a phone, and its preview in the dark."""
    _panel(browser, address, PHONE, 844).screenshot(path=IMAGES / "email-editor-phone.png")
    page = _panel(browser, address, WIDE, 1150)
    app = page.frame_locator("iframe").first
    app.get_by_role("button", name="Dark", exact=True).click()
    app.locator("[data-paper].dark").wait_for()
    app.locator("[data-paper]").screenshot(path=IMAGES / "email-dark.png")


def _calendar(browser: Browser, address: str) -> None:
    """What one member gets next."""
    page = _panel(browser, f"{address}?q=Nguyen", WIDE, 1200)
    page.frame_locator("iframe").first.get_by_text(re.compile("^Renée Nguyen")).first.click()
    page.frame_locator("iframe").first.locator("[data-coming]").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / "email-calendar.png")


def _shopper(browser: Browser, address: str) -> None:
    """The shopper's pages: for a member on a phone, and the programme for visitors on both."""
    page = _signed_in(browser, f"{address}{SHOP}", PHONE, 844, "apps/suki/rewards")
    for name, path in SHOPPER.items():
        page.goto(f"{address}{SHOP}{path}")
        page.locator(".suki").screenshot(path=IMAGES / f"{name}.png")
    for width in (WIDE, PHONE):
        visitor = browser.new_context(viewport={"width": width, "height": 900}, locale="en-US").new_page()
        visitor.goto(f"{address}{SHOP}/apps/suki/rewards")
        suffix = "" if width == WIDE else "-phone"
        visitor.locator(".suki").screenshot(path=IMAGES / f"shopper-visitor{suffix}.png")


def _store(browser: Browser, shop: str, width: int, height: int, suffix: str) -> None:
    """The online store as a member sees it: product, cart, the panel, a reward in it, and the whole programme."""
    page = _signed_in(browser, shop, width, height, "products/stoneware-mug")

    def take(name: str, **how: bool) -> None:
        if name + suffix in STORE:
            page.screenshot(path=IMAGES / f"storefront-{name}{suffix}.png", **how)

    take("product")
    page.get_by_role("button", name="Add to cart").click()
    take("cart")
    page.goto(f"{shop}/pages/rewards")
    take("page", full_page=True)
    page.goto(f"{shop}/home")
    page.locator(".suki-launcher__button").click()
    page.locator(".suki-menu").wait_for()
    page.wait_for_timeout(SETTLED_MS)
    take("panel")
    page.locator(".suki-menu").get_by_role("button", name="Rewards").click()
    page.get_by_role("button", name="Redeem:").first.click()
    page.locator("#suki-panel .suki-button--main").wait_for()
    page.wait_for_timeout(SETTLED_MS)
    take("reward")


def _account(browser: Browser, address: str) -> None:
    """The customer account; its extensions need to have been built."""
    for width, names in ((WIDE, ("account",)), (PHONE, ("account-redeem-phone", "account-order-phone"))):
        page = _signed_in(browser, f"{address}{SHOP}", width, ACCOUNT_HEIGHT, "account/orders")
        for name in names:
            _account_page(page, address, name)
            page.wait_for_timeout(1000)
            page.screenshot(path=IMAGES / f"{name}.png")


def _account_page(page: Page, address: str, name: str) -> None:
    if "order" in name:
        page.goto(f"{address}{SHOP}/account/orders")
        page.locator("a[href*='/account/orders/']").first.click()
        page.add_style_tag(content=STRIPPED)
        page.frame_locator("iframe[data-target*='order-status']").locator("s-section").first.wait_for()
        return
    page.goto(f"{address}{SHOP}/account/pages/account-rewards")
    page.add_style_tag(content=STRIPPED)
    frame = page.frame_locator("iframe[data-target*='account.page']")
    frame.locator("s-progress").first.wait_for()
    if "redeem" in name:
        frame.get_by_role("button", name="Rewards", exact=True).click()
        frame.get_by_role("button", name=re.compile("^Redeem ")).first.click()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9300")
