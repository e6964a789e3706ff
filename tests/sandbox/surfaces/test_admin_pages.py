"""Customer and order pages of the admin, and what App Bridge says of the extensions."""

from __future__ import annotations

import json
from pathlib import Path

import requests
from playwright.sync_api import Page, expect

from sandbox.run import Running
from sandbox.state import Shop
from tests.sandbox.surfaces.conftest import Cors, frame_of


def test_a_block_opens_the_action_which_asks_the_app_and_closes(
    browser_page: Page, hosting: Running, store: Shop, called: Cors
):
    ana = hosting.box.enrol(store, first_name="Ana", last_name="Cruz", email="ana@example.com")
    browser_page.goto(f"{hosting.url}/shops/{store.domain}/admin/customers/{ana['id']}")
    frame = frame_of(browser_page)
    expect(browser_page.get_by_role("heading", name="Points of Ana")).to_be_visible()
    wanted = [{"id": f"gid://shopify/Customer/{ana['id']}"}]
    assert json.loads(frame.locator("#selected").inner_text()) == wanted
    frame.get_by_role("button", name="Give points").click()
    element = browser_page.wait_for_selector("#modal iframe")
    action = element.content_frame() if element else None
    assert action is not None
    expect(action.locator("#action")).to_have_text(json.dumps(wanted, separators=(",", ":")))
    action.get_by_role("button", name="Ask the app").click()
    expect(action.locator("#answer")).to_have_text("200 pong")
    assert called.asked[-1][3].startswith("Bearer ey")
    action.get_by_role("button", name="Shut").click()
    expect(browser_page.locator("#modal")).to_be_hidden()


def test_an_action_that_says_it_is_not_for_here_is_not_offered(browser_page: Page, hosting: Running, store: Shop):
    ana = hosting.box.enrol(store, first_name="Ana", last_name="Cruz", email="ana@example.com")
    for least, offered in ((8, True), (9, False)):
        store.settings["extension_settings"] = {"tiny": {"least": least}}
        browser_page.goto(f"{hosting.url}/shops/{store.domain}/admin/customers/{ana['id']}")
        element = browser_page.wait_for_selector("iframe[data-asks]", state="attached")
        asking = element.content_frame() if element else None
        assert asking is not None
        asking.wait_for_selector("html[data-begun]", state="attached")
        expect(browser_page.get_by_role("button", name="Tiny")).to_be_visible(visible=offered)


def test_app_bridge_names_the_targets_where_a_merchant_placed_an_extension(hosting: Running, store: Shop):
    address = f"{hosting.url}/shops/{store.domain}/admin/extensions.json"
    [tiny] = requests.get(address, timeout=5).json()
    assert (tiny["handle"], tiny["type"]) == ("tiny", "ui_extension")
    assert {"target": "purchase.checkout.block.render"} in tiny["activations"]
    requests.post(address, json={"off": ["purchase.checkout.block.render"]}, timeout=5)
    [fewer] = requests.get(address, timeout=5).json()
    assert [one for one in tiny["activations"] if one not in fewer["activations"]] == [
        {"target": "purchase.checkout.block.render"}
    ]


def test_blocks_of_the_theme_have_a_state_each(hosting: Running, store: Shop, tmp_path: Path):
    folder = tmp_path / "theme"
    (folder / "blocks").mkdir(parents=True)
    (folder / "shopify.extension.toml").write_text('[[extensions]]\ntype = "theme"\nhandle = "mine"\n')
    for name, target in (("launcher", "body"), ("points", "section")):
        schema = json.dumps({"name": name.title(), "target": target})
        (folder / "blocks" / f"{name}.liquid").write_text(f"x{{% schema %}}{schema}{{% endschema %}}")
    hosting.options.theme_extension = folder
    store.settings["storefront"] = {"off": ["launcher"]}
    address = f"{hosting.url}/shops/{store.domain}/admin/extensions.json"
    mine = requests.get(address, timeout=5).json()[-1]
    assert (mine["handle"], mine["type"]) == ("mine", "theme_app_extension")
    said = [(one["handle"], one["target"], one["status"], len(one["activations"])) for one in mine["activations"]]
    assert said == [("launcher", "body", "available", 0), ("points", "section", "active", 1)]


def test_the_index_leads_to_every_surface_and_says_what_is_not_built(hosting: Running, store: Shop):
    hosting.box.enrol(store, first_name="Ana", last_name="Cruz", email="ana@example.com")
    text = requests.get(f"{hosting.url}/shops/{store.domain}/surfaces", timeout=5).text
    assert "no extension is built for customer-account.profile.block.render" in text
    assert "no extension is built for purchase.checkout.block.render" not in text
    hosting.options.extensions_dir = None
    assert "No extension is built" in requests.get(f"{hosting.url}/shops/{store.domain}/surfaces", timeout=5).text
