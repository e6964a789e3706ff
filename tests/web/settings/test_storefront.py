"""Settings, Storefront: every place with its state and link, the look with its preview; and Home's set-up guide."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import Engine

from plugin.actions.shops import storefront
from plugin.rules.look import Look
from plugin.rules.places import PLACES, State
from plugin.rules.referrals.sharing import channels
from plugin.rules.setup_guide import STEPS
from plugin.store.database.db import system_transaction
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.web.session import Browser

ADDRESS = "/app/settings/storefront"
PICTURE = "https://cdn.shopify.com/s/files/1/hero.png"
LOOK = {
    "accent": "#00513b", "position": "start", "launcher_text": "Perks", "guest_heading": "", "guest_text": "",
    "guests": "yes",
}  # fmt: skip


def kept(engine: Engine, shop: ShopRow) -> shops.Shop:
    with system_transaction(engine) as conn:
        return shops.get(conn, shop.id)


def told(*targets: str) -> dict[str, str]:
    """What App Bridge says of one extension with these targets in use."""
    activations = [{"target": target} for target in targets]
    return {"told": json.dumps([{"handle": "checkout-loyalty", "type": "ui_extension", "activations": activations}])}


def put_settings(engine: Engine, shop: ShopRow, **values: object) -> None:
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, shop.id, values)


def badge_of(html: str, place: str) -> str:
    found = re.search(rf"<s-text type=\"strong\">{place}</s-text>\s*<s-badge[^>]*>([^<]+)<", html)
    assert found is not None
    return found[1]


def test_every_place_is_shown_with_a_picture_and_as_not_checked_before_shopify_told(browser: Browser) -> None:
    html = browser.page(ADDRESS)
    assert html.count('class="place-picture"') == len(PLACES)
    assert badge_of(html, "Rewards button and panel") == "Not checked yet"


def test_what_app_bridge_told_is_kept_and_shown(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    answer = browser.post(f"{ADDRESS}/places", **told("purchase.thank-you.block.render"))
    assert answer.status_code == 200
    html = browser.page(ADDRESS)
    assert badge_of(html, "Points on the thank-you page") == "Added"
    assert badge_of(html, "Rewards at checkout") == "Not added"
    assert badge_of(html, "Points on the profile") == "Not checked yet"
    assert storefront.places_of(kept(engine, shop))["thank_you"] is State.ACTIVE


def test_told_again_it_is_no_news(browser: Browser) -> None:
    assert browser.post(f"{ADDRESS}/places", **told()).status_code == 200
    assert browser.post(f"{ADDRESS}/places", **told()).status_code == 204


@pytest.mark.parametrize("body", ["", "{", "x" * 100_001, "[" * 5000])
def test_what_cannot_be_read_changes_nothing(browser: Browser, engine: Engine, shop: ShopRow, body: str) -> None:
    assert browser.post(f"{ADDRESS}/places", told=body).status_code == 422
    assert storefront.places_of(kept(engine, shop)) == {}


def test_a_plan_without_checkout_blocks_says_so_and_offers_no_link(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    put_settings(engine, shop, plus=False)
    html = browser.page(ADDRESS)
    assert badge_of(html, "Rewards at checkout") == "Shopify Plus only"
    assert "page=checkout&amp;" not in html
    put_settings(engine, shop, plus=True)
    assert "page=checkout&amp;" in browser.page(ADDRESS)


def test_the_look_is_kept_as_it_was_chosen(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert browser.post(ADDRESS, **LOOK).status_code == 303
    assert storefront.chosen_look(kept(engine, shop)) == Look(accent="#00513b", position="start", launcher_text="Perks")
    browser.post(ADDRESS, **{name: value for name, value in LOOK.items() if name != "guests"})
    assert storefront.look(kept(engine, shop)).guests == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("accent", "green", "colour"),
        ("position", "top", ""),
        ("launcher_text", "x" * 25, "Use up to 24 characters."),
        ("guest_text", "x" * 201, "Use up to 200 characters."),
        ("paper", "url(x)", "colour"),
        ("font", "Comic Sans;}", ""),
        ("corner", "7", ""),
        ("picture", "http://a.example/x.png", "https"),
    ],
)
def test_a_wrong_field_says_so_and_nothing_is_kept(
    browser: Browser, engine: Engine, shop: ShopRow, field: str, value: str, words: str
) -> None:
    answer = browser.post(ADDRESS, **(LOOK | {field: value}))
    assert answer.status_code == 422
    at_the_field = re.search(rf'<[^>]*name="{field}"[^>]* error="([^"]+)"', answer.text)
    assert at_the_field is not None and words in at_the_field[1]
    assert storefront.chosen_look(kept(engine, shop)) == Look()


def test_the_preview_shows_the_words_that_are_being_written_and_nothing_of_them_as_code(browser: Browser) -> None:
    typed = LOOK | {"guest_heading": "<b>Hello</b>"}
    launcher = browser.post(f"{ADDRESS}/preview", **typed, shown="launcher").text
    assert "Perks" in launcher
    for shown in (launcher, browser.post(f"{ADDRESS}/preview", **typed, shown="page").text):
        assert "&lt;b&gt;Hello&lt;/b&gt;" in shown
        assert "#00513b" in shown


def test_the_preview_is_the_page_that_visitors_have_in_what_is_being_chosen(browser: Browser) -> None:
    page = browser.post(f"{ADDRESS}/preview", **LOOK, font="serif", corner="24", picture=PICTURE, paper="#101010").text
    for each in ("Join now", "Ways to earn", "--suki-font: Georgia", "--suki-corner: 24px", f'<img src="{PICTURE}"'):
        assert each in page
    assert "--suki-paper: #101010" in page
    wrong = browser.post(f"{ADDRESS}/preview", **LOOK | {"accent": "red;}"}, font="nothing", paper="#101010").text
    assert "--suki-fill: #1f2933" in wrong and "--suki-paper: #101010" in wrong and "red;}" not in wrong


def test_a_merchant_chooses_where_links_can_be_shared(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    ticked = re.findall(r'name="share" value="(\w+)"[^>]* checked', browser.page(ADDRESS))
    assert set(ticked) == {one.key for one in channels("", shops_currency(engine, shop))}
    browser.post(ADDRESS, **LOOK, asks_share="yes", share=["viber", "email"])
    assert storefront.chosen_look(kept(engine, shop)).share == "viber,email"
    assert re.findall(r'name="share" value="(\w+)"[^>]* checked', browser.page(ADDRESS)) == ["viber", "email"]
    browser.post(ADDRESS, **LOOK, asks_share="yes")
    assert storefront.chosen_look(kept(engine, shop)).share == "none"
    assert browser.post(ADDRESS, **LOOK, asks_share="yes", share=["myspace"]).status_code == 422


def shops_currency(engine: Engine, shop: ShopRow) -> str:
    return kept(engine, shop).currency


def test_the_guide_shows_six_steps_until_each_is_done_or_put_away(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    html = browser.page("/app")
    assert html.count('class="step"') == len(STEPS)
    assert "1 of 6 steps done" in html
    browser.post(f"{ADDRESS}/places", **told("purchase.thank-you.block.render"))
    assert "2 of 6 steps done" in browser.page("/app")
    for step in STEPS:
        assert browser.post(f"/app/guide/{step}").status_code == 303
    assert 'class="step"' not in browser.page("/app")
    assert storefront.put_away(kept(engine, shop)) == set(STEPS)


def test_a_step_that_was_put_away_comes_back(browser: Browser) -> None:
    browser.post("/app/guide/mail")
    html = browser.page("/app")
    assert html.count('class="step"') == len(STEPS) - 1
    assert "Show hidden steps" in html
    browser.post("/app/guide")
    assert browser.page("/app").count('class="step"') == len(STEPS)


def test_a_step_that_does_not_exist_is_not_found(browser: Browser) -> None:
    assert browser.post("/app/guide/everything").status_code == 404
