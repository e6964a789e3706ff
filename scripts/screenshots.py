"""Take the merchant guide's pictures anew from a running demo: python scripts/screenshots.py [sandbox address]"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "using" / "images"
SHOP = "/shops/suki-demo.myshopify.com"
WIDE, PHONE, ACCOUNT_HEIGHT = 1280, 390, 1200
BUYER = "Renée Nguyen"
"""The member of the demo's history whose pages are shown: she reads English and has points."""
PANEL = {
    "home": ("/app", 900),
    "members": ("/app/members", 900),
    "member": ("/app/members/5", 1300),
    "programme": ("/app/programme", 1500),
    "rewards": ("/app/programme/rewards", 640),
    "tiers": ("/app/programme/tiers", 1300),
    "referrals": ("/app/programme/referrals", 1300),
    "versions": ("/app/programme/versions", 900),
    "brand": ("/app/messages/brand", 1100),
    "shopify-mail": ("/app/messages/shopify", 900),
    "deliveries": ("/app/activity", 640),
}
STORE = {"product", "page", "panel", "panel-phone", "reward-phone", "cart-phone"}
"""Which pictures of the online store the guide has."""
SHOPPER = {"shopper-rewards": "/apps/suki/rewards", "shopper-earn": "/apps/suki/earn"}

SURFACES = {
    "checkout": ("Checkout", "Who buys"),
    "till": ("Point of sale", ""),
    "till-customer": ("Customer at the till", ""),
    "admin-customer": ("Customer page of the admin", ""),
    "admin-order": ("Order page of the admin", ""),
}
"""By name of the picture: the link of the sandbox's page of surfaces, and the field that says who looks."""


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
        _shopper(browser, address)
        for width, height, suffix in ((WIDE, 860, ""), (PHONE, 844, "-phone")):
            _store(browser, f"{address}{SHOP}", width, height, suffix)
        _account(browser, address)
        for name in SURFACES:
            for width in (WIDE, PHONE):
                _surface(browser, address, name, width)
        browser.close()


def _panel(browser: Browser, address: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="en-US")
    page.goto(address)
    page.frame_locator("iframe").locator("s-page").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


def _surface(browser: Browser, address: str, name: str, width: int) -> None:
    """One surface, without the sandbox's own strip, as tall as it is."""
    link, who = SURFACES[name]
    page = browser.new_page(viewport={"width": width, "height": 844}, locale="en-US")
    page.goto(f"{address}{SHOP}/surfaces")
    page.get_by_role("link", name=link, exact=True).first.click()
    if who:
        page.get_by_label(who).select_option(label=BUYER)
    page.locator("iframe.extension").first.content_frame.locator("html[data-begun]").wait_for()
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=".strip { display: none }")
    page.set_viewport_size({"width": width, "height": min(1600, page.evaluate("document.body.scrollHeight"))})
    page.wait_for_timeout(300)  # the frames are drawn anew
    page.screenshot(path=IMAGES / f"surface-{name}{'' if width == WIDE else '-phone'}.png")
    page.close()


def _shopper(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 844}, locale="en-US")
    page.goto(f"{address}{SHOP}/apps/suki/rewards")
    box = page.get_by_label("Signed in as")
    box.select_option(next(each for each in box.locator("option").all_inner_texts() if each.startswith(BUYER)))
    page.get_by_role("button", name="Change").click()
    for name, path in SHOPPER.items():
        page.goto(f"{address}{SHOP}{path}")
        page.locator(".suki").screenshot(path=IMAGES / f"{name}.png")


def _store(browser: Browser, shop: str, width: int, height: int, suffix: str) -> None:
    """The online store as a member sees it: product, cart, the panel, a reward in it, and the whole programme."""
    page = browser.new_context(viewport={"width": width, "height": height}, locale="en-US").new_page()

    def take(name: str, **how: bool) -> None:
        if name + suffix in STORE:
            page.screenshot(path=IMAGES / f"storefront-{name}{suffix}.png", **how)

    page.goto(f"{shop}/customer_authentication/login?return_to=/products/stoneware-mug")
    box = page.get_by_label("Customer")
    box.select_option(next(each for each in box.locator("option").all_inner_texts() if each.startswith(BUYER)))
    page.get_by_role("button", name="Continue").click()
    take("product")
    page.get_by_role("button", name="Add to cart").click()
    take("cart")
    page.goto(f"{shop}/pages/rewards")
    take("page", full_page=True)
    page.goto(f"{shop}/home")
    page.locator(".suki-launcher__button").click()
    page.locator(".suki-menu").wait_for()
    take("panel")
    page.locator(".suki-menu").get_by_role("button", name="Rewards").click()
    page.get_by_role("button", name="Redeem:").first.click()
    page.locator("#suki-panel .suki-button--main").wait_for()
    take("reward")


def _account(browser: Browser, address: str) -> None:
    """The customer account; its extensions need to have been built."""
    for width, names in ((WIDE, ("account",)), (PHONE, ("account-redeem-phone", "account-order-phone"))):
        page = browser.new_page(viewport={"width": width, "height": ACCOUNT_HEIGHT}, locale="en-US")
        page.goto(f"{address}{SHOP}/customer_authentication/login?return_to={SHOP}/account/orders")
        box = page.get_by_label("Customer")
        box.select_option(next(each for each in box.locator("option").all_inner_texts() if each.startswith(BUYER)))
        page.get_by_role("button", name="Continue").click()
        for name in names:
            _account_page(page, address, name)
            page.wait_for_timeout(1000)
            page.screenshot(path=IMAGES / f"{name}.png")


def _account_page(page: Page, address: str, name: str) -> None:
    if "order" in name:
        page.goto(f"{address}{SHOP}/account/orders")
        page.locator("a[href*='/account/orders/']").first.click()
        page.frame_locator("iframe[data-target*='order-status']").locator("s-section").first.wait_for()
        return
    page.goto(f"{address}{SHOP}/account/pages/account-rewards")
    frame = page.frame_locator("iframe[data-target*='account.page']")
    frame.locator("s-progress").first.wait_for()
    if "redeem" in name:
        frame.get_by_role("button", name="Rewards", exact=True).click()
        frame.get_by_role("button", name=re.compile("^Redeem ")).first.click()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9300")
