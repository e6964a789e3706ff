"""Rewards in the online store: guest, member, cart, two tabs, keyboard, no scripts, and what it costs the page."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Stage
from tests.browser.storefront.conftest import Front, discount, prepared, seated
from tests.sandbox.surfaces.axe import serious

SHIFT = """() => new Promise((done) => { let sum = 0; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) sum += one.hadRecentInput ? 0 : one.value;
  }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300); })"""

PLACES = """(part) => { const text = document.createRange(), node = part.firstChild;
  const left = (from, to) => (text.setStart(node, from), text.setEnd(node, to), text.getBoundingClientRect());
  return [left(0, 1).left, left(4, 5).left, part.getBoundingClientRect().right]; }"""
"""Where the first character is, where the fifth, and where the part ends."""


def test_a_guest_reads_the_programme_signs_in_and_comes_back(front: Front) -> None:
    page = front.go("/products/stoneware-mug")
    expect(page.get_by_text("Earn up to 80 points")).to_be_visible()
    page.get_by_label("Option").select_option(label="Indigo")
    expect(page.get_by_text("Earn up to 96 points")).to_be_visible()
    panel = front.open()
    expect(panel.get_by_role("heading", name="Casa Ana rewards")).to_be_visible()
    expect(panel.get_by_text("₱100 off")).to_be_visible()
    panel.get_by_role("link", name="Sign in or create an account").click()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/products/stoneware-mug$"))
    expect(page.locator(".suki-launcher__button")).to_have_text("365 points")


def test_a_member_redeems_in_the_cart_beside_a_foreign_code_and_gives_it_back(front: Front) -> None:
    front.sign_in()
    front.fill()
    discount(front.shop, "OTHER")
    page = front.go("/cart")
    page.get_by_role("textbox", name="Discount code").fill("OTHER")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("This order earns up to")).to_be_visible()
    page.get_by_role("link", name="Use your points").click()
    panel = front.panel()
    expect(panel.get_by_text("Add ₱")).to_be_visible()  # why the big one is not for this cart
    expect(page.get_by_text("This order earns")).to_have_count(0)  # the page says what the panel does
    expect(page.locator("[data-earns]")).to_contain_text("with this order.")
    panel.get_by_role("button", name="Redeem: ₱100 off").click()
    panel.get_by_role("button", name="Redeem and apply to cart").click()
    expect(panel.get_by_role("status")).to_have_text("Applied to your cart.")
    codes = front.codes()
    mine = next(code for code in codes if code != "OTHER")
    assert codes == {"OTHER": True, mine: True}
    expect(panel.locator(".suki-panel__balance")).to_have_text("265 points")
    expect(page.locator("[data-total]")).to_have_text("₱1,350.80")
    panel.get_by_role("button", name="Return points: ₱100 off").click()
    expect(panel.get_by_role("status")).not_to_be_empty()
    assert front.codes() == {"OTHER": True}
    front.stage.settle()
    assert front.balance() == 365


def test_before_the_launch_nobody_sees_anything(front: Front) -> None:
    front.stage.execute("UPDATE shops SET stage = 'draft', launched_at = NULL")
    front.stage.execute(
        "INSERT INTO jobs (shop_id, kind, subject, payload, not_before)"
        " SELECT id, 'show_programme', 'shown', '{}', now() FROM shops"
    )
    front.stage.settle()
    front.sign_in()
    for path in ("/home", "/products/stoneware-mug", "/cart", "/pages/rewards"):
        expect(front.go(path).locator(".suki")).to_have_count(0)


def test_everything_works_by_keyboard_alone(front: Front) -> None:
    front.sign_in()
    page = front.go("/home")
    button = page.locator(".suki-launcher__button")
    button.focus()
    page.keyboard.press("Enter")
    panel = front.panel()
    expect(panel.get_by_role("heading", name="Hello Ana")).to_be_focused()
    expect(panel.get_by_text("Rewards", exact=True).first).to_be_visible()
    reach(page, "Rewards")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Rewards", exact=True)).to_be_focused()
    reach(page, "Redeem: ₱100 off")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Redeem now")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()


def test_the_keyboard_stays_in_the_open_panel_and_comes_back_to_what_opened_it(front: Front) -> None:
    front.sign_in()
    front.fill()
    for width in (1280, 390):
        front.page.set_viewport_size({"width": width, "height": 800})
        page = front.go("/cart")
        for opener in (page.locator(".suki-launcher__button"), page.get_by_role("link", name="Use your points")):
            opener.focus()
            page.keyboard.press("Enter")
            expect(page.locator("#suki-title")).to_be_focused()
            panel = front.panel()
            seen = [went(page, key) for key in ["Tab"] * 25 + ["Shift+Tab"] * 25]
            assert all(seen)
            assert 2 < len(set(seen[:25])) < 25  # round and round
            page.keyboard.press("Escape")
            expect(panel).to_be_hidden()
            expect(opener).to_be_focused()
            page.keyboard.press("Shift+Tab")
            expect(opener).not_to_be_focused()  # the page's own keys again
    front.open()
    expect(page.locator("#suki-title")).to_be_focused()
    front.panel()
    page.evaluate("document.querySelector('a[href]').focus()")  # as a theme does that opens a drawer of its own
    expect(front.page.locator("#suki-panel")).to_be_hidden()


def went(page: Page, key: str) -> str:
    """What has the focus in the panel after a key; empty where that is outside."""
    page.keyboard.press(key)
    return str(
        page.evaluate(
            "() => document.querySelector('#suki-panel').contains(document.activeElement)"
            " ? document.activeElement.outerHTML.slice(0, 300) : ''"
        )
    )


def reach(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    named = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(named) == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_axe_finds_nothing_serious(front: Front) -> None:
    front.fill()
    for who in ("guest", "member"):
        for path in ("/home", "/products/stoneware-mug", "/cart", "/pages/rewards"):
            front.go(path)
            assert serious(front.page) == [], (who, path)
        front.open()
        assert serious(front.page) == [], who
        front.sign_in()
    front.go("/home")
    front.open()
    for name in ("Rewards", "Ways to earn", "Invite friends", "Your birthday", "History"):
        front.page.locator(".suki-menu").get_by_role("button", name=name).click()
        front.panel()
        assert serious(front.page) == [], name
        front.page.get_by_role("button", name="Back").click()
        front.panel()


def test_the_programme_and_the_launcher_are_there_without_scripts(chromium: Browser, stage: Stage) -> None:
    context, front = seated(chromium, stage, prepared(stage), java_script_enabled=False)
    page = front.go("/pages/rewards")
    for words in ("1 point for every ₱10.00", "Ginto", "₱500 gift card", "You get: 200 points."):
        expect(page.get_by_text(words).first).to_be_visible()
    page.locator(".suki-launcher__button").click()
    expect(page.locator("#suki-panel").get_by_role("link", name="Sign in or create an account")).to_be_visible()
    front.sign_in()
    page = front.go("/pages/rewards")
    page.get_by_role("link", name="Redeem").first.click()
    expect(page.get_by_role("heading", name="Your rewards")).to_be_visible()
    context.close()


def test_from_right_to_left_a_text_of_another_language_keeps_its_own_order(front: Front) -> None:
    front.sign_in()
    page = front.go("/home")
    page.evaluate("document.documentElement.dir = 'rtl'")
    balance = front.open().locator(".suki-panel__balance")
    expect(balance).to_have_text("365 points")
    number, word, box = balance.evaluate(PLACES)
    assert number < word < box
    assert page.locator(".suki-launcher__button").bounding_box()["x"] < 100  # type: ignore[index]
    assert front.troubles == []


def test_two_tabs_cannot_spend_the_same_points(chromium: Browser, stage: Stage) -> None:
    context, front = seated(chromium, stage, prepared(stage, points=120))
    front.sign_in()
    other = Front(context.new_page(), stage, front.ana)
    for tab in (front, other):
        tab.go("/home")
        panel = tab.open()
        panel.get_by_role("button", name="Rewards").click()
        panel.get_by_role("button", name="Redeem: ₱100 off").click()
    for tab in (front, other):
        tab.page.get_by_role("button", name="Redeem now").click()
        expect(tab.panel().get_by_role("status")).not_to_be_empty()
    assert front.balance() == 20
    assert len(front.rows("SELECT FROM redemptions WHERE state = 'reserved'")) == 1
    context.close()


def test_what_the_embed_costs_a_page(chromium: Browser, stage: Stage) -> None:
    """Compressed as Shopify's CDN does: two files, few bytes, no request to the app, and nothing moves."""
    context, front = seated(chromium, stage, prepared(stage), viewport={"width": 390, "height": 844})
    front.sign_in()
    front.fill()
    seen: list[str] = []
    front.page.on("request", lambda one: seen.append(one.url.removeprefix(front.root).partition("?")[0]))
    for path in ("/home", "/products/stoneware-mug", "/cart"):
        front.go(f"{path}?embed=off")
        without, seen[:] = list(seen), []
        front.go(path)
        more = sorted(set(seen) - set(without))
        assert set(more) <= {"/cdn/extension/suki.css", "/cdn/extension/suki-launcher.js"}
        assert not [one for one in seen if "/v1/" in one]
        assert front.page.evaluate(SHIFT) == 0
        front.page.locator(".suki-launcher__button").click()
        front.panel()
        assert front.page.evaluate(SHIFT) == 0
        assert len(front.page.locator("#shopify-block-launcher").inner_html().encode()) < 16_000
    context.close()
