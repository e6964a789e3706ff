"""What a shop's blocks show of its programme before anybody asks is what the app answers when somebody does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from sqlalchemy import Engine

from plugin.actions.shops import show_programme
from plugin.rules.programme import Programme
from plugin.rules.words.catalogues import LANGUAGES
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.reached import reach, reaches
from tests.web.conftest import make_open
from tests.web.shopper_api.surface import Surface

NOW = datetime.now(UTC)
CURRENCIES = ("USD", "JPY", "KWD")
MOMENTS = st.sampled_from((None, NOW - timedelta(days=9), NOW - timedelta(days=1), NOW + timedelta(days=1)))
WORDS = st.sampled_from(("Gold", "Kape & Co.", "<b>Ñ</b>", "ذهب", "{points} off", "Ginto"))


def from_to(draw: st.DrawFn) -> dict[str, Any]:
    start, end = draw(MOMENTS), draw(MOMENTS)
    if start and end and end <= start:
        end = None
    return {name: at.isoformat() for name, at in (("starts_at", start), ("ends_at", end)) if at}


@st.composite
def rules(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return {
        "key": f"k{number}", "name": draw(WORDS), "active": draw(st.booleans()), **from_to(draw),
        "effect": draw(st.sampled_from(("multiplier", "per_item", "per_order", "rate"))), "points": 7, "per_amount": 3,
        "multiplier": draw(st.sampled_from(("0.5", "2", "1.25"))),
        "channels": draw(st.sampled_from(([], [], ["online"], ["pos"], ["pos", "online"]))),
        "vendors": draw(st.sampled_from(([], ["Kape"], ["Kape", "Ube"]))),
        "tags": draw(st.sampled_from(([], ["Mugs"]))), "tiers": draw(st.sampled_from(([], [], ["gold"]))),
    }  # fmt: skip


@st.composite
def rewards(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(("amount_off", "percent_off", "free_shipping", "slider", "store_credit")))
    more: dict[str, Any] = {} if kind == "free_shipping" else {"value": 5}
    if kind == "slider":
        more |= {"step": 50, "most": draw(st.sampled_from((100, 1000)))}
    if kind not in ("store_credit",):
        more |= {"minimum_order": draw(st.sampled_from((0, 20)))}
    tiers = draw(st.sampled_from(([], [], ["gold"], ["secret"], ["gold", "secret"])))
    return {"kind": kind, "id": f"r{number}", "name": draw(WORDS), "points": 100, "active": draw(st.booleans()),
            "tiers": tiers, **from_to(draw), **more}  # fmt: skip


@st.composite
def activities(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(("visit", "review", "custom")))
    return {
        "kind": kind, "word": f"word-{number}", "id": f"a{number}", "name": draw(WORDS), "active": draw(st.booleans()),
        "points": draw(st.sampled_from((1, 50))), "note": draw(st.sampled_from(("", "Say & hi"))), **from_to(draw),
    }  # fmt: skip


@st.composite
def whole(draw: st.DrawFn) -> dict[str, Any]:
    """A programme with something of everything that a page tells."""
    some = range(draw(st.integers(0, 3)))
    gold = {"key": "gold", "name": draw(WORDS), "enter": 300, "multiplier": "1.5",
            "bonus": draw(st.sampled_from((0, 100))), "perks": ["Early & often"]}  # fmt: skip
    secret = {"key": "secret", "name": "Secret", "enter": 900, "hidden": True}
    invited = {"key": "vip", "name": "By invitation", "tag": "vip"}
    levels = [gold, secret, *draw(st.sampled_from(([], [invited])))]
    advocate = draw(st.sampled_from(({"points": 300}, {"kind": "code", "code": {"kind": "percent_off", "value": 10}})))
    return {
        "points_name": draw(st.sampled_from(("points", "beans", "نقاط"))),
        "earning": {"points": draw(st.sampled_from((0, 2))), "per_amount": 3},
        "welcome_points": draw(st.sampled_from((0, 25))),
        "tiers": {"levels": levels, "metric": draw(st.sampled_from(("spend", "points", "orders")))},
        "orders": {"rules": [draw(rules(number)) for number in some]},
        "rewards": [draw(rewards(number)) for number in some],
        "activities": [draw(activities(number)) for number in some],
        "referrals": {"enabled": draw(st.booleans()), "friend": {"kind": "percent_off", "value": 15},
                      "advocate": advocate, "hold_days": draw(st.sampled_from((0, 1, 14)))},
    }  # fmt: skip


@pytest.fixture
def fresh(engine: Engine, settings: Settings, shop: ShopRow) -> ShopRow:
    make_open(engine, settings, shop)
    return shop


def held_back(engine: Engine, shop: ShopRow, made: Programme, currency: str) -> dict[str, Any]:
    """The shop's metafields by key, after this programme came into force."""
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(f"UPDATE shops SET currency = '{currency}'")
        programmes.add(conn, shop.id, made, "test", "", datetime.now(UTC))
        fields = show_programme.fields(conn, shops.get(conn, shop.id), datetime.now(UTC))
    return {one["key"]: json.loads(one["value"]) for one in fields if one["type"] == "json"}


def projected(asked: dict[str, Any]) -> dict[str, Any]:
    """Of the app's answer what the blocks show."""
    said = asked["programme"]
    return {
        **{key: said[key] for key in ("shop_name", "points_name", "headline", "more")},
        "welcome": asked["welcome"],
        "activities": [{key: one[key] for key in ("kind", "name", "gives", "text")} for one in asked["activities"]],
        "tiers": [{key: one[key] for key in ("name", "needs", "benefits")} for one in asked["tiers"]],
        "rewards": asked["rewards"],
        "referral": asked["referral"] or "",
    }


@reaches(rewards=0.2, more=0.1, activities=0.2, referral=0.2, over=0.3)
@tries(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_to=whole(), currency=st.sampled_from(CURRENCIES))
def test_the_blocks_show_what_the_app_says_in_each_language(
    app: Flask, engine: Engine, settings: Settings, fresh: ShopRow, given_to: dict[str, Any], currency: str
) -> None:
    made = Programme.model_validate(given_to)
    shown = held_back(engine, fresh, made, currency)
    guest = Surface(app, settings, fresh.domain, None)
    for language in LANGUAGES:
        asked = guest.json("/programme", locale=language)
        page = shown[f"page_{language}"]
        assert {name: page[name] for name in page if name != "said"} == projected(asked)  # names that Liquid looks up
        assert asked["earn"] == [*filter(None, [asked["programme"]["headline"]]), *asked["programme"]["more"]]
        assert asked["programme"] == guest.json("/me", locale=language)["programme"]
        assert asked["programme"]["has_activities"] == bool(asked["activities"])
        assert not any(one["current"] for one in asked["tiers"])
    for part in ("rewards", "activities"):
        if asked[part]:
            reach(part)
        if len(asked[part]) < len(given_to[part]):
            reach("over")
    if asked["programme"]["more"]:
        reach("more")
    if asked["referral"]:
        reach("referral")


def test_a_rule_for_the_till_alone_is_promised_to_nobody_who_shops_online(
    app: Flask, engine: Engine, settings: Settings, fresh: ShopRow
) -> None:
    rule = {"key": "till", "name": "Till", "multiplier": 9}
    for channels, more in ((["pos"], []), (["pos", "online"], ["Till: 9× points."])):
        made = Programme.model_validate({"orders": {"rules": [rule | {"channels": channels}]}})
        shown = held_back(engine, fresh, made, "USD")
        asked = Surface(app, settings, fresh.domain, None).json("/programme")
        assert shown["page_en"]["more"] == asked["programme"]["more"] == more
