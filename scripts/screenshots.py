"""Take the merchant guide's pictures anew from a running demo: python scripts/screenshots.py [sandbox address]"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "using" / "images"
SHOP = "/shops/suki-demo.myshopify.com"
WIDE, PHONE = 1280, 390
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
SHOPPER = {"shopper-rewards": "/apps/suki/rewards", "shopper-earn": "/apps/suki/earn"}

SURFACES = {
    "checkout": ("Checkout", "Who buys"),
    "account-rewards": ("Account: rewards", "Who is signed in"),
    "order-status": ("Order status", ""),
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


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9300")
