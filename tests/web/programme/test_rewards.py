"""Staff set up rewards, redeem for a member, and take back what was not used."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.versions import programmes
from plugin.web.admin.programme.redeem.rewards import KINDS
from tests.conftest import ShopRow
from tests.web import agreed
from tests.web.session import Browser

FIVE_OFF = {"kind": "amount_off", "name": "5 off", "points": "100", "value": "5", "valid_days": "30", "prefix": "suki",
            "channels.online": "yes", "channels.pos": "yes", "per_member_every": "ever",
            "back_on_refund": "full"}  # fmt: skip


def rewards(engine: Engine, shop: ShopRow) -> tuple[int, tuple[object, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        version = programmes.current(conn, shop.id, datetime.now(UTC))
    return version.number, version.programme.rewards


def member_with(engine: Engine, shop: ShopRow, points: int) -> int:
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        buyer = Buyer(customer_id=7, email="ana@example.com", first_name="Ana", verified=True)
        members.add(conn, shop.id, [buyer], {buyer: now})
        member = members.by_customers(conn, shop.id, [7])[7].id
        accounts = Ledger(conn, shop.id, [member])
        accounts.post([Entry(member, "gift", points, "gift:1", 1, now, "test")], now)
        accounts.write()
    return member


def test_every_kind_has_its_form(browser: Browser) -> None:
    assert "No rewards yet" in browser.page("/app/programme/rewards")
    for kind in KINDS:
        browser.page("/app/programme/rewards/new", kind=kind)
    assert browser.get("/app/programme/rewards/new", kind="gold").status_code == 404


def test_a_reward_is_added_changed_paused_and_removed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    days = {"starts_at": "2026-12-01", "ends_at": "2026-12-24"}
    assert browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF, **days).status_code == 303
    number, (made,) = rewards(engine, shop)
    assert (number, made.name, made.prefix) == (2, "5 off", "SUKI")
    assert (made.starts_at.isoformat(), made.ends_at.isoformat()) == (
        "2026-12-01T00:00:00+08:00",
        "2026-12-25T00:00:00+08:00",
    )
    shown = browser.page(f"/app/programme/rewards/{made.id}")
    assert 'value="2026-12-24"' in shown
    changed = FIVE_OFF | {"id": made.id, "value": "6", "name": "6 off"}
    assert browser.post("/app/programme/rewards", based_on="2", **changed).status_code == 303
    assert "6 off" in browser.page("/app/programme/rewards")
    assert browser.post(f"/app/programme/rewards/{made.id}/pause", based_on="3").status_code == 303
    assert "Paused" in browser.page("/app/programme/rewards")
    assert browser.post(f"/app/programme/rewards/{made.id}/remove", based_on="4", sure="yes").status_code == 303
    assert rewards(engine, shop) == (5, ())


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    slider = {"kind": "slider", "name": "", "points": "50", "step": "30", "most": "20", "value": "-1",
              "valid_days": "0", "channels.pos": "yes", "per_member_every": "ever", "back_on_refund": "full",
              "products": "nonsense", "ends_at": "soon", "note": "n" * 201}  # fmt: skip
    shown = browser.post("/app/programme/rewards", based_on="1", **slider)
    assert shown.status_code == 422
    wrong = dict(re.findall(r'name="(\w+)"[^>]*? error="([^"]+)"', shown.text))
    assert wrong.keys() == {
        "name",
        "step",
        "most",
        "value",
        "valid_days",
        "products",
        "ends_at",
        "note",
    }
    assert rewards(engine, shop) == (1, ())


def test_the_other_pages_of_the_programme_keep_the_rewards(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    from plugin.web.forms.rules import form_of

    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF)
    with shop_transaction(engine, shop.id) as conn:
        form = form_of(programmes.current(conn, shop.id, datetime.now(UTC)).programme)
    browser.post("/app/programme", **form | {"based_on": "2", "earning.points": "3"})
    assert rewards(engine, shop)[0] == 3
    assert len(rewards(engine, shop)[1]) == 1


def test_staff_redeem_for_a_member_and_take_it_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF)
    (made,) = rewards(engine, shop)[1]
    member = member_with(engine, shop, 150)
    assert "100 points, worth 5 USD" in browser.page(f"/app/members/{member}/redeem")
    form = {"reward": made.id, "key": "k1", **agreed.form(made)}
    first = browser.post(f"/app/members/{member}/redeem", **form)
    second = browser.post(f"/app/members/{member}/redeem", **form)
    assert first.status_code == 303
    assert first.location == second.location
    refused = browser.post(f"/app/members/{member}/redeem", **form | {"key": "k2"})
    assert (refused.status_code, "needs 50 points more" in refused.text) == (422, True)
    address = first.location.partition("?")[0]
    assert "Return 100 points" in browser.page(address)
    assert browser.post(f"{address}/undo").status_code == 303
    assert "Being taken back" in browser.page(address)
    page = browser.page(f"/app/members/{member}")
    assert "Spent on 5 off" in page
    assert browser.page("/app/activity/staff").count("Redeemed for Ana: 5 off") == 1


@pytest.mark.parametrize("change", [{"points": "120"}, {"value": "4"}, {"minimum_order": "50"}])
def test_staff_do_not_redeem_a_reward_that_changed_while_they_looked(
    browser: Browser, engine: Engine, shop: ShopRow, change: dict[str, str]
) -> None:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF)
    (made,) = rewards(engine, shop)[1]
    member = member_with(engine, shop, 150)
    asked = browser.post(f"/app/members/{member}/redeem/check", reward=made.id).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', asked))
    changed = browser.post("/app/programme/rewards", based_on="2", id=made.id, **FIVE_OFF | change)
    assert changed.status_code == 303
    refused = browser.post(f"/app/members/{member}/redeem", **form)
    assert (refused.status_code, "has changed since you saw it. Nothing was spent" in refused.text) == (409, True)
    assert "Redeemed" not in browser.page("/app/activity/staff")


SLIDER = {"kind": "slider", "name": "Any", "points": "50", "step": "25", "most": "500", "value": "1",
          "valid_days": "30", "prefix": "ANY", "channels.pos": "yes", "per_member_every": "ever",
          "back_on_refund": "full", "deduct": "ordered"}  # fmt: skip


def test_staff_see_what_redeeming_does_before_anything_is_spent(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post("/app/programme/rewards", based_on="1", **SLIDER)
    (made,) = rewards(engine, shop)[1]
    member = member_with(engine, shop, 150)
    choose = browser.page(f"/app/members/{member}/redeem")
    assert "From 50 to 500, in steps of 25. Every 25 are worth 1 USD." in choose
    assert 'max="500" step="25" value="50"' in choose
    asked = browser.post(f"/app/members/{member}/redeem/check", reward=made.id, points="75")
    assert [text in asked.text for text in ("“Any”", "−75", "Worth 3 USD", "reserved now", "Redeem for 75 points")] == [
        True
    ] * 5
    assert re.findall(r'class="figure">([^<]+)<', asked.text) == ["150", "−75", "75"]
    assert "Redeemed" not in browser.page("/app/activity/staff")
    key = re.search(r'name="key" value="(\w+)"', asked.text)
    assert key is not None
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', asked.text))
    assert (form["points"], form["price"]) == ("75", "75")
    assert browser.post(f"/app/members/{member}/redeem", **form).status_code == 303
    assert "Redeemed" in browser.page("/app/activity/staff")


def test_points_that_a_slider_does_not_have_are_refused_at_its_field(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post("/app/programme/rewards", based_on="1", **SLIDER)
    (made,) = rewards(engine, shop)[1]
    member = member_with(engine, shop, 150)
    for points in ("", "60", "-50", "1000", "a"):
        asked = browser.post(f"/app/members/{member}/redeem/check", reward=made.id, points=points)
        assert asked.status_code == 422
        assert re.search(rf'value="{points}"[^>]* error="', asked.text), points
        assert "Nothing was redeemed" in asked.text
    assert browser.post(f"/app/members/{member}/redeem/check", reward="r0", points="50").status_code == 404


def test_another_shops_redemption_is_not_found(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF)
    (made,) = rewards(engine, shop)[1]
    member = member_with(engine, shop, 150)
    address = browser.post(
        f"/app/members/{member}/redeem", reward=made.id, key="k", **agreed.form(made)
    ).location.partition("?")[0]
    assert other_browser.get(address).status_code == 404
    assert other_browser.post(f"{address}/undo").status_code == 404
    assert other_browser.post(f"/app/members/{member}/redeem", reward=made.id, key="k").status_code == 404
    assert other_browser.post(f"/app/members/{member}/redeem/check", reward=made.id).status_code == 404


def with_tiers(engine: Engine, shop: ShopRow) -> None:
    from plugin.rules.programme import Programme

    levels = [{"key": "silver", "name": "Silver", "enter": 100}, {"key": "gold", "name": "Gold", "enter": 500}]
    with shop_transaction(engine, shop.id) as conn:
        rules = Programme.model_validate({"tiers": {"levels": levels}})
        programmes.add(conn, shop.id, rules, "test", "", datetime.now(UTC))


def test_a_reward_for_a_tier_with_its_price_a_limit_a_month_and_a_stock(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    with_tiers(engine, shop)
    settings = FIVE_OFF | {"prices.gold": "80", "tiers.gold": "yes", "tiers.silver": "yes", "per_member": "1",
                           "per_member_every": "month", "in_total": "2", "shows_left": "yes"}  # fmt: skip
    assert browser.post("/app/programme/rewards", based_on="2", **settings).status_code == 303
    (made,) = rewards(engine, shop)[1]
    assert (made.prices, made.tiers, made.per_member_every, made.shows_left) == (
        {"gold": 80}, {"gold", "silver"}, "month", True)  # fmt: skip
    assert "2 tiers only" in browser.page("/app/programme/rewards")
    shown = browser.page(f"/app/programme/rewards/{made.id}")
    assert re.search(r'name="prices.gold"[^>]*value="80"', shown)
    assert re.search(r'name="tiers.silver"[^>]* checked', shown)
    address = f"/app/programme/rewards/{made.id}/refill"
    for more in ("", "-1", "0", "x", "9" * 12):
        assert browser.post(address, based_on="3", more=more).status_code == 422
    assert browser.post(address, based_on="3", more="5").status_code == 303
    assert rewards(engine, shop)[1][0].in_total == 7
    assert "7 left" in browser.page(f"/app/programme/rewards/{made.id}")
    assert browser.post(address, based_on="3", more="5").status_code == 422
    assert browser.post("/app/programme/rewards/rnone/refill", based_on="4", more="5").status_code == 404
    member = member_with(engine, shop, 150)
    assert "The reward is for other tiers: Silver and Gold." in browser.page(f"/app/members/{member}/redeem")


def test_what_is_wrong_with_a_price_or_the_places_stands_there(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with_tiers(engine, shop)
    wrong = {name: text for name, text in FIVE_OFF.items() if not name.startswith("channels")} | {"prices.gold": "no"}
    shown = browser.post("/app/programme/rewards", based_on="2", **wrong)
    assert shown.status_code == 422
    assert re.search(r'name="prices.gold"[^>]* error="Enter a whole number."', shown.text)
    assert "Select at least one place." in shown.text


def test_a_tier_that_is_gone_does_not_open_the_reward_to_all(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF, **{"tiers.gone": "yes"})
    (made,) = rewards(engine, shop)[1]
    assert re.search(r'name="tiers.gone"[^>]* checked', browser.page(f"/app/programme/rewards/{made.id}"))


def test_when_points_are_taken_and_how_they_come_back_is_chosen(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    chosen = FIVE_OFF | {"deduct": "ordered", "back_on_refund": "proportional"}
    assert browser.post("/app/programme/rewards", based_on="1", **chosen).status_code == 303
    (made,) = rewards(engine, shop)[1]
    assert (made.deduct, made.back_on_refund) == ("ordered", "proportional")
    shown = browser.page(f"/app/programme/rewards/{made.id}")
    assert re.search(r'value="ordered" selected', shown)
    assert re.search(r'value="proportional" selected', shown)
    wrong = browser.post("/app/programme/rewards", based_on="2", **chosen | {"deduct": "never"})
    assert (wrong.status_code, "Select one of the options." in wrong.text) == (422, True)


def test_prices_by_currency_stand_one_a_line(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    settings = FIVE_OFF | {"currency_prices": "eur 120\n\nJPY: 90"}
    assert browser.post("/app/programme/rewards", based_on="1", **settings).status_code == 303
    (made,) = rewards(engine, shop)[1]
    assert made.currency_prices == {"EUR": 120, "JPY": 90}
    assert "other prices in EUR, JPY" in browser.page("/app/programme/rewards")
    assert "EUR 120\nJPY 90" in browser.page(f"/app/programme/rewards/{made.id}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EUR", "Enter one line for each currency"),
        ("EUR 1 2", "Enter one line for each currency"),
        ("EUR 120\neur 90", "Enter one line for each currency"),
        ("USD 90", "Enter the price in USD in the field above."),
        ("XYZ 90", "No currency found for “XYZ”"),
        ("EUR 0.5", "Enter each price as a whole number greater than 0."),
        ("EUR -5", "Enter each price as a whole number greater than 0."),
    ],
)
def test_a_price_by_currency_that_cannot_be_is_named_at_its_field(browser: Browser, text: str, words: str) -> None:
    shown = browser.post("/app/programme/rewards", based_on="1", **(FIVE_OFF | {"currency_prices": text}))
    assert shown.status_code == 422
    assert re.search(rf'name="currency_prices"[^>]* error="{re.escape(words)}', shown.text)
