"""What a shop's theme is told of the programme, and when: app-data metafields, as Shopify holds them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from plugin.actions.programme import publish_programme, sort_rewards
from plugin.actions.shops import launch_programme, save_brand, show_programme, storefront
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.rules.brand import Brand
from plugin.rules.look import Look
from plugin.rules.orders.shown_figures import MOST_IDS, figures
from plugin.rules.programme import Programme
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.programme_page import Reader, for_theme, programme_page
from plugin.store.database.db import enter_shop, shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from tests.actions.stage import Stage

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WHOLE: dict[str, Any] = {
    "points_name": "beans",
    "earning": {"points": 2, "per_amount": "1.50", "rounding": "half_up"},
    "welcome_points": 25,
    "tiers": {"levels": [
        {"key": "gold", "name": "Gold", "enter": 300, "multiplier": "1.5", "bonus": 100, "perks": ["Early access"]},
        {"key": "secret", "name": "Secret", "enter": 900, "hidden": True},
    ]},
    "rewards": [
        {"kind": "amount_off", "id": "r1", "name": "$5 off", "points": 500, "value": 5, "minimum_order": 20},
        {"kind": "free_shipping", "id": "r2", "name": "Free shipping", "points": 200, "tiers": ["gold"]},
        {"kind": "percent_off", "id": "r3", "name": "For few", "points": 100, "value": 10, "tiers": ["secret"]},
        {"kind": "percent_off", "id": "r4", "name": "Paused", "points": 100, "value": 10, "active": False},
    ],
    "orders": {"rules": [
        {"key": "mugs", "name": "Mug week", "multiplier": 3, "tags": ["Mugs"], "weekdays": [0, 6],
         "ends_at": "2026-06-01T00:00:00+00:00"},
        {"key": "vip", "name": "VIP", "effect": "per_item", "points": 5, "customer_tags": ["vip"]},
        {"key": "over", "name": "Over", "multiplier": 9, "ends_at": "2026-05-01T00:00:00+00:00"},
        {"key": "till", "name": "Till", "multiplier": 9, "channels": ["pos"]},
    ]},
    "activities": [{"kind": "birthday", "id": "a1", "name": "Your birthday", "points": 50}],
    "referrals": {"enabled": True, "friend": {"kind": "percent_off", "value": 15}, "advocate": {"points": 300}},
}  # fmt: skip


def page_of(made: Programme, language: str = "en") -> Any:
    """What the theme's blocks are given of it."""
    reader = Reader(made, "Nena", "USD", ZoneInfo("Asia/Manila"), Locale(language), NOW)
    return json.loads(json.dumps(for_theme(programme_page(reader))))


def shown(stage: Stage) -> dict[str, Any]:
    """The app data of the shop by key."""
    owner = f"gid://shopify/AppInstallation/{stage.shop.settings['shop_id']}"
    kept = [one for one in stage.shop.metafield.values() if one["owner"] == owner and one["namespace"] == "suki"]
    texts = {one["key"]: one["value"] for one in kept}
    return {key: text if key == "proxy" else json.loads(text) for key, text in texts.items()}


def draft(stage: Stage) -> None:
    """The shop is installed and not launched."""
    with system_transaction(stage.engine) as conn:
        enter_shop(conn, stage.shop_id)
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft', launched_at = NULL")
        show_programme.want(conn, stage.shop_id, stage.clock())
    stage.settle()


def test_the_figures_hold_what_can_be_said_before_anybody_asks() -> None:
    found = figures(Programme.model_validate(WHOLE), "USD", taxes_included=True, now=NOW)
    assert found["rate"] == {"points": 2, "per": 1.5}
    assert (found["name"], found["rounding"], found["up_to"], found["asks"]) == ("beans", "half_up", True, False)
    assert found["tiers"] == [{"name": "Gold", "times": 1.5}, {"name": "Secret", "times": 1}]
    assert found["rules"] == [
        {"does": "multiplier", "times": 3, "to": 1780272000, "days": [1, 7], "tags": ["mugs"]},
        {"does": "per_item", "points": 5, "who": ["vip"]},
    ]
    assert found["rewards"] == [{"title": "$5 off", "points": 500}]


def test_a_rule_with_too_much_to_list_is_left_to_those_who_ask() -> None:
    rules = [{"key": "many", "name": "Many", "products": list(range(1, MOST_IDS + 2))}]
    found = figures(Programme.model_validate({"orders": {"rules": rules}}), "USD", taxes_included=False, now=NOW)
    assert (found["rules"], found["asks"], found["up_to"]) == ([], True, False)


@pytest.mark.parametrize(
    ("language", "price", "off", "credit"),
    [("en", "500–1,500 beans", "$2.00 off for every 100 beans.", "$0.50 in store credit for every 100 beans."),
     ("fil", "500–1,500 beans", "$2.00 off sa bawat 100 beans.", "$0.50 na store credit sa bawat 100 beans.")],
)  # fmt: skip
def test_a_slider_says_what_each_step_brings_and_from_which_to_which_price(
    language: str, price: str, off: str, credit: str
) -> None:
    slider = {"kind": "slider", "name": "Any", "points": 500, "step": 100, "most": 1500, "value": 2}
    rewards = [
        {**slider, "id": "r1"}, {**slider, "id": "r2", "kind": "store_credit_slider", "value": "0.50"},
        {**slider, "id": "r3", "most": 500},
    ]  # fmt: skip
    rules = Programme.model_validate({"points_name": "beans", "rewards": rewards})
    page = page_of(rules, language)
    assert [one["brings"] for one in page["rewards"]] == [off, credit, "$10.00 off."]
    assert [one["price"] for one in page["rewards"]] == [
        {"points": 500, "text": price}, {"points": 500, "text": price}, {"points": 500, "text": "500 beans"},
    ]  # fmt: skip


def test_the_page_says_everything_that_is_no_secret() -> None:
    page = page_of(Programme.model_validate(WHOLE))
    assert page["headline"] == "Earn 2 beans for every $1.50 you spend."
    assert page["more"] == ["Mug week: 3× beans until June 1, 2026. On selected items."]
    assert page["tiers"] == [
        {"name": "Gold", "needs": "$300.00 this year",
         "benefits": ["You earn 1.5× the points.", "100 beans when you reach it", "Early access"]},
    ]  # fmt: skip
    assert page["rewards"] == [
        {"title": "$5 off", "price": {"points": 500, "text": "500 beans"}, "brings": "$5.00 off.",
         "terms": ["For orders of $20.00 or more.", "Valid for 60 days."]},
        {"title": "Free shipping", "price": {"points": 200, "text": "200 beans"}, "brings": "Free shipping.",
         "terms": ["For Gold members.", "Valid for 60 days."]},
    ]  # fmt: skip
    assert page["referral"] == "Your friend gets: 15% off. You get: 300 beans. You'll get it 14 days after their order."
    birthday = {"kind": "birthday", "name": "Your birthday", "gives": "+50 beans", "text": "Tell us your birthday."}
    assert page["activities"] == [birthday]
    filipino = page_of(Programme.model_validate(WHOLE), "fil")
    assert filipino["headline"] == "Makakuha ng 2 beans sa bawat $1.50 na gastos mo."


def test_a_shop_that_is_installed_has_its_blocks_which_show_nobody_anything_before_the_launch(stage: Stage) -> None:
    draft(stage)
    found = shown(stage)
    assert found["available"] is True
    assert found["proxy"] == "/apps/suki"
    assert found["page"] == found["page_en"]
    pages = {f"page_{language}" for language in LANGUAGES}
    assert set(found) == {"available", "proxy", "programme", "look", "page", *pages}
    assert [found["programme"][key] for key in ("live", "earns", "testers")] == [False, False, []]


def test_launch_pause_and_test_members_are_told(stage: Stage) -> None:
    draft(stage)
    customer = stage.town.box.enrol(stage.shop, first_name="Ana", last_name="C", email="ana@example.com", locale="en")
    stage.settle(seconds=10)
    ((member,),) = stage.rows("SELECT id FROM members")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        launch_programme.try_as(conn, shop, member, "o@example.com", stage.clock(), test=True)
    stage.settle(seconds=10)
    assert shown(stage)["programme"]["testers"] == [customer["id"]]
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        launch_programme.launch(conn, shop, "o@example.com", stage.clock())
    stage.settle(seconds=10)
    assert [shown(stage)["programme"][key] for key in ("live", "earns")] == [True, True]
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        launch_programme.pause(conn, shop, "earning", "o@example.com", stage.clock())
    stage.settle(seconds=10)
    assert [shown(stage)["programme"][key] for key in ("live", "earns")] == [True, False]


def test_a_version_in_force_is_told_once_however_much_was_saved(stage: Stage) -> None:
    stage.open_app()
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        for points in (2, 3):
            editing = publish_programme.begin(conn, stage.shop_id, points - 1, stage.clock())
            changed = editing.base.programme.model_copy(update={"welcome_points": points})
            edit = publish_programme.Edit(points - 1, "o@example.com", stage.clock())
            publish_programme.publish(conn, editing, changed, edit)
    assert [kind for kind, *_ in stage.waiting("show_programme")] == ["show_programme"]
    stage.settle(seconds=10)
    assert shown(stage)["page"]["welcome"] == "+3 points"


def test_a_programme_too_large_for_a_metafield_is_shortened_and_says_so(stage: Stage) -> None:
    stage.open_app()
    word = "ñ" * 190
    rewards = [
        {"kind": "percent_off", "id": f"r{place}", "name": f"{place} {word[:70]}", "points": 100 + place, "value": 5}
        for place in range(100)
    ]
    rules = [{"key": f"k{place}", "name": "K", "tags": [f"{word}{one}" for one in range(20)]} for place in range(40)]
    stage.programme(rewards=rewards, orders={"rules": rules})
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        show_programme.want(conn, stage.shop_id, stage.clock())
    stage.settle(seconds=10)
    found = shown(stage)
    assert 10 < len(found["page"]["rewards"]) < 100
    assert (found["programme"]["asks"], 0 < len(found["programme"]["rules"]) < 40) == (True, True)
    assert stage.waiting("show_programme") == []


@pytest.mark.parametrize("many", [20, 21, 46])
def test_languages_are_all_written_however_many_there_are(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Shopify takes 25 metafields a call, and five are no language's."""
    draft(stage)
    asked: list[int] = []
    execute = Work.execute

    def counted(work: Work, shop: Shop, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        asked.extend([len(variables["metafields"])] if document == queries.SET_METAFIELDS else [])
        return execute(work, shop, document, variables)

    languages = (*LANGUAGES, *(f"x{number}" for number in range(many - len(LANGUAGES))))
    monkeypatch.setattr(show_programme, "LANGUAGES", languages)
    monkeypatch.setattr(Work, "execute", counted)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        show_programme.want(conn, stage.shop_id, stage.clock())
    stage.settle(seconds=10)
    assert asked == {20: [25], 21: [25, 1], 46: [25, 25, 1]}[many]
    found = shown(stage)
    assert {f"page_{language}" for language in languages} < set(found)
    assert found["page_en"] == found["page_x0"] == found["page"]
    assert stage.waiting("show_programme") == []


def test_blocks_ask_where_a_merchant_has_moved_the_app_to(stage: Stage) -> None:
    stage.open_app()
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        show_programme.note_prefix(conn, shops.get(conn, stage.shop_id), "/apps/suki", stage.clock())
        assert not list(conn.exec_driver_sql("SELECT FROM jobs WHERE kind = 'show_programme'"))
        show_programme.note_prefix(conn, shops.get(conn, stage.shop_id), "/tools/loyalty", stage.clock())
    stage.settle(seconds=10)
    assert shown(stage)["proxy"] == "/tools/loyalty"


def test_the_themes_page_lists_rewards_as_sorted_and_says_that_redeeming_is_paused(stage: Stage) -> None:
    rewards = [{"kind": "amount_off", "id": one, "name": one, "points": 5, "value": 1} for one in ("ra", "rb", "rc")]
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        programmes.add(conn, stage.shop_id, Programme.model_validate({"rewards": rewards}), "test", "", stage.clock())
        sort_rewards.put_at(conn, stage.shop_id, "rc", 0, "staff:1", stage.clock())
    stage.settle()
    assert [one["title"] for one in shown(stage)["page_en"]["rewards"]] == ["rc", "ra", "rb"]
    assert "paused" not in shown(stage)["page_en"]
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("UPDATE shops SET paused = '{spending}'")
        show_programme.want(conn, stage.shop_id, stage.clock())
    stage.settle()
    assert shown(stage)["page_en"]["paused"] == "Redeeming is paused right now."


def test_the_themes_blocks_follow_the_brand_until_they_have_a_colour_of_their_own(stage: Stage) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        save_brand.save_brand(conn, stage.shop_id, Brand(primary="#0a7d4f"), "staff:1", stage.clock())
    stage.settle()
    assert (shown(stage)["look"]["accent"], shown(stage)["look"]["on_accent"]) == ("#0a7d4f", "#ffffff")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        storefront.save_look(conn, stage.shop_id, Look(accent="#ffee00"), "staff:1", stage.clock())
    stage.settle()
    assert (shown(stage)["look"]["accent"], shown(stage)["look"]["on_accent"]) == ("#ffee00", "#17171a")
