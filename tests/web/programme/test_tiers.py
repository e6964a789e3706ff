"""The tiers page and the tier on a member's page: saved, refused at the fields, set by staff."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.web.forms.tiers import form_of
from tests import payloads
from tests.conftest import ShopRow
from tests.web.session import Browser
from webhooks.orders import order as read_order

TIERS = "/app/programme/tiers"


def preset() -> dict[str, str]:
    return form_of(PRESETS["yearly_spend"])


def saved(engine: Engine, shop: ShopRow) -> Any:
    with shop_transaction(engine, shop.id) as conn:
        return programmes.current(conn, shop.id, datetime.now(UTC))


def first_member(page: str) -> str:
    """The id of the member that stands first in the list."""
    found = re.search(r"/app/members/(\d+)\?", page)
    assert found
    return found[1]


def buy(engine: Engine, shop: ShopRow, price: str) -> None:
    """A member with one order from just now."""
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"counts_from": (now - timedelta(days=1)).isoformat()})
        at = now.isoformat()
        order = payloads.order(1, [payloads.line(1, price)], total_price=price)
        order |= {"created_at": at, "processed_at": at, "updated_at": at}
        fact = read_order("orders/paid", now, payloads.dumps(order), "USD")
        settle_orders(conn, shops.get(conn, shop.id), [fact], now)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fills_the_form_and_saves_as_it_is(browser: Browser, engine: Engine, shop: ShopRow, name: str) -> None:
    assert "Not saved yet" in browser.page(TIERS, preset=name)
    assert saved(engine, shop).programme.tiers.levels == ()
    answer = browser.post(TIERS, based_on="1", note="try it", **form_of(PRESETS[name]))
    assert answer.status_code == 303
    version = saved(engine, shop)
    assert (version.number, version.programme.tiers, version.note) == (2, PRESETS[name], "try it")
    assert 'value="Gold"' in browser.page(TIERS) or name == "orders"


def test_tiers_are_put_in_the_order_of_their_marks_and_a_row_is_removed_by_emptying_it(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    form = preset() | {"tiers.levels.0.enter": "500"}
    form |= {"tiers.levels.1.name": "", "tiers.levels.1.enter": ""}
    browser.post(TIERS, based_on="1", **form)
    assert [tier.key for tier in saved(engine, shop).programme.tiers.levels] == ["bronze", "gold"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tiers.levels.1.enter": "100"}, "Enter more than the threshold of Bronze."),
        ({"tiers.levels.2.name": "bronze"}, "Another tier has this name."),
        ({"tiers.levels.0.keep": "101"}, "Enter the tier&#39;s threshold or less."),
        ({"tiers.levels.0.enter": "99.999"}, "Use up to 2 decimals for amounts in USD."),
        ({"tiers.levels.0.enter": "many"}, "Enter a number."),
        ({"tiers.window_days": "0"}, "Enter 1 or more."),
        ({"tiers.metric": "orders", "tiers.levels.0.enter": "2.5"}, "Enter a whole number."),
        ({"tiers.levels.0.perks": "x" * 201}, "Use up to 200 characters."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, change: dict[str, str], words: str
) -> None:
    answer = browser.post(TIERS, based_on="1", **(preset() | change))
    assert answer.status_code == 422
    assert f'error="{words}"' in answer.text
    assert saved(engine, shop).number == 1


def test_a_tier_added_meanwhile_does_not_move_what_was_typed_for_another(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post(TIERS, based_on="1", **preset())
    begun = form_of(saved(engine, shop).programme.tiers)
    more = {"tiers.levels.9.name": "Copper", "tiers.levels.9.enter": "1", "tiers.levels.9.multiplier": "1"}
    browser.post(TIERS, based_on="2", **begun, **more)
    mine = begun | {"tiers.levels.0.bonus": "77", "tiers.grace_days": "5"}
    assert "done=merged" in browser.post(TIERS, based_on="2", **mine).headers["Location"]
    tiers = saved(engine, shop).programme.tiers
    assert [(tier.name, tier.bonus) for tier in tiers.levels][:2] == [("Copper", 0), (begun["tiers.levels.0.name"], 77)]
    assert tiers.grace_days == 5


def test_the_other_pages_of_the_programme_leave_the_tiers_alone(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    from plugin.web.forms.rules import form_of as programme_form

    browser.post(TIERS, based_on="1", **preset())
    browser.post(
        "/app/programme", based_on="2", **(programme_form(saved(engine, shop).programme) | {"points_name": "stars"})
    )
    assert saved(engine, shop).programme.points_name == "stars"
    assert saved(engine, shop).programme.tiers == PRESETS["yearly_spend"]


def test_a_member_shows_the_tier_what_is_missing_and_can_be_set(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post(TIERS, based_on="1", **preset())
    buy(engine, shop, "120.00")
    listed = browser.page("/app/members")
    assert "Bronze" in listed
    member = first_member(listed)
    page = browser.page(f"/app/members/{member}")
    assert "$180.00 more by 31 December" in page.replace("\xa0", " ") or "more by December 31" in page
    assert "to reach Silver." in page
    answer = browser.post(f"/app/members/{member}/tier", tier="gold", until="2020-01-01")
    assert answer.status_code == 422
    until = r'name="until"[^>]* value="2020-01-01"[^>]* error="Enter a date from today, within the next ten years."'
    assert re.search(until, answer.text)
    assert re.search(r'<s-option value="gold" selected', answer.text)
    assert "Nothing was saved." in answer.text
    browser.post(f"/app/members/{member}/tier", tier="gold", until="", note="a friend")
    page = browser.page(f"/app/members/{member}")
    assert "Set by staff" in page
    assert "Staff set Gold with no end date." in page
    assert "Set the tier of Ana Reyes" in browser.page("/app/activity/staff")


def test_another_shops_member_cannot_be_set(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post(TIERS, based_on="1", **preset())
    buy(engine, shop, "120.00")
    member = first_member(browser.page("/app/members"))
    assert other_browser.post(f"/app/members/{member}/tier", tier="gold").status_code == 404
