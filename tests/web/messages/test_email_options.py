"""What is chosen for a block: the form shows what holds, keeps what differs from the default, and puts it back."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import Engine

from plugin.messages.designs import default_of, options_of
from plugin.store.database.db import shop_transaction
from plugin.store.emails import drafts
from tests.conftest import ShopRow
from tests.web.messages.form import KIND, PAGE, fields_of, kept, opened, press, sent
from tests.web.session import Browser

BLOCK = next(one.id for one in default_of(KIND).blocks if one.type.option("link") and one.type.field("button"))
LINK = f"o.{BLOCK}.link"
WORDS = {f"t.{BLOCK}.button": "Go"}


def options(engine: Engine, shop: ShopRow, block: str = BLOCK) -> dict[str, str]:
    design = kept(engine, shop)
    found = design.block(block) if design else None
    return dict(found.options) if found else {}


def test_the_form_shows_where_a_block_leads_by_default(browser: Browser) -> None:
    block = default_of(KIND).block(BLOCK)
    assert block is not None
    assert opened(browser)[LINK] == [options_of(KIND, block)["link"]]


def test_a_link_that_was_taken_away_is_missed_and_can_be_put_back(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    before = opened(browser)
    assert press(browser, before, **WORDS, **{LINK: ""}).status_code == 303
    assert options(engine, shop) == {"link": ""}
    page = browser.page(PAGE)
    assert "Enter where the button leads." in page
    assert f'value="usual:{BLOCK}:link" aria-label="Use the default for Link"' in page
    assert f"Default: {before[LINK][0]}" in unescape(page)
    assert press(browser, fields_of(page), "publish").status_code == 422
    assert sent(engine, shop) is None
    press(browser, opened(browser), f"usual:{BLOCK}:link")
    assert options(engine, shop) == {}
    assert opened(browser)[LINK] == before[LINK]
    assert press(browser, opened(browser), "publish").status_code == 303
    assert sent(engine, shop) is not None


def test_a_link_of_their_own_is_kept_and_typing_the_default_puts_it_back(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    usual = opened(browser)[LINK]
    press(browser, opened(browser), **{LINK: "https://kape.example/beans"})
    assert options(engine, shop) == {"link": "https://kape.example/beans"}
    press(browser, opened(browser), **{LINK: usual})
    assert kept(engine, shop) is None


@pytest.mark.parametrize(("name", "value"), [("align", "end"), ("ground", "plain")])
def test_alignment_and_background_are_put_back(
    browser: Browser, engine: Engine, shop: ShopRow, name: str, value: str
) -> None:
    press(browser, opened(browser), **{f"{name}.{BLOCK}": value})
    assert kept(engine, shop) is not None
    assert f'value="usual:{BLOCK}:{name}"' in browser.page(PAGE)
    press(browser, opened(browser), f"usual:{BLOCK}:{name}")
    assert kept(engine, shop) is None
    assert f'value="usual:{BLOCK}:{name}"' not in browser.page(PAGE)


def test_an_image_and_its_width_are_put_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    press(browser, opened(browser), "add", new_type="image")
    (added,) = {one.id for one in kept(engine, shop).blocks} - {one.id for one in default_of(KIND).blocks}  # type: ignore[union-attr]
    assert "Select an image." in browser.page(PAGE)
    chosen = {f"o.{added}.image": "https://kape.example/a.png", f"o.{added}.width": "half"}
    press(browser, opened(browser), **chosen)
    assert options(engine, shop, added) == {"image": "https://kape.example/a.png", "width": "half"}
    press(browser, opened(browser), f"usual:{added}:width")
    press(browser, opened(browser), f"usual:{added}:image")
    assert options(engine, shop, added) == {}
    assert "Select an image." in browser.page(PAGE)


def test_what_was_stored_with_the_default_spelled_out_is_as_it_was(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    usual = opened(browser)[LINK][0]
    press(browser, opened(browser), **WORDS)
    with shop_transaction(engine, shop.id) as conn:
        found = drafts.get(conn, shop.id, KIND)
        assert found is not None
        conn.exec_driver_sql(
            "UPDATE email_drafts SET content = jsonb_set(content, '{blocks}', (SELECT jsonb_agg(CASE WHEN b->>'id' ="
            " %(id)s THEN jsonb_set(b, '{options}', jsonb_build_object('link', %(link)s::text)) ELSE b END)"
            " FROM jsonb_array_elements(content->'blocks') b))",
            {"id": BLOCK, "link": usual},
        )
    assert options(engine, shop) == {"link": usual}
    assert f'value="usual:{BLOCK}:link"' not in browser.page(PAGE)
