"""Every mistake of a form is shown at once, each at its own field and in words that fit it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.session import Browser

REWARD = {"points": "100", "value": "5", "valid_days": "60", "name": "One", "per_member_every": "ever",
          "back_on_refund": "full", "deduct": "redeemed", "channels.online": "yes", "prefix": "SUKI"}  # fmt: skip
TIER = {"tiers.metric": "spend", "tiers.window": "calendar", "tiers.window_days": "365", "tiers.grace_days": "0",
        "tiers.validity": "next_year", "tiers.validity_days": "365", "tiers.downgrade": "earned",
        "tiers.levels.0.name": "Silver", "tiers.levels.0.enter": "100", "tiers.levels.0.multiplier": "1"}  # fmt: skip
RULE = {"name": "Double", "effect": "multiplier", "multiplier": "2"}
EVENT = {"kind": "custom", "name": "Story", "points": "5", "word": "story", "cooldown_hours": "0"}
CASHBACK = {"cashback.percent": "5", "cashback.after_days": "14"}
EXPIRY = {"expiry.policy": "never", "expiry.period": "12", "expiry.unit": "months", "expiry.day": "31",
          "expiry.month": "12", "expiry.at_least_months": "6", "expiry.first_warning_days": "30",
          "expiry.last_warning_days": "3", "expiry.grace_days": "14"}  # fmt: skip
NOTE, DAY = "Use up to 200 characters.", "Enter a date such as 2026-12-01."
TOO_FINE = "Use up to 2 decimals for amounts in USD."
EMPTY = "Enter a value."
OTHER_LETTERS = "Use up to 12 capital letters and digits."
CASES = {
    "amount off": (
        "rewards",
        REWARD | {"kind": "amount_off", "name": "", "points": "-5", "value": "100.005", "valid_days": "0",
                  "prefix": "sü ki", "products": "foo", "starts_at": "tomorrow"},
        {"name": EMPTY, "points": "Enter 1 or more.", "value": TOO_FINE, "valid_days": "Enter 1 or more.",
         "prefix": OTHER_LETTERS, "products": "“foo” is not a product ID.",
         "starts_at": DAY},
    ),
    "donation": (
        "rewards",
        REWARD | {"kind": "donation", "value": "0.001", "cause": ""},
        {"value": TOO_FINE, "cause": EMPTY},
    ),
    "free product": (
        "rewards",
        REWARD | {"kind": "free_product", "value": "", "product": ""},
        {"value": EMPTY, "product": EMPTY},
    ),
    "free shipping": (
        "rewards",
        REWARD | {"kind": "free_shipping", "countries": "PH, XX", "maximum_rate": "0.001"},
        {"countries": "No country found for “XX”. Enter a two-letter code such as PH, or the name in English.",
         "maximum_rate": TOO_FINE},
    ),
    "tiers": (
        "tiers",
        TIER | {"tiers.grace_days": "-1", "tiers.levels.0.keep": "100.5", "tiers.levels.0.tag": "suki-tier:x",
                "tiers.levels.0.multiplier": "-1", "tiers.levels.1.name": "Gold", "tiers.levels.1.enter": "200.001",
                "tiers.levels.2.name": "gold", "tiers.levels.2.enter": "300"},
        {"tiers.grace_days": "Enter 0 or more.",
         "tiers.levels.0.keep": "Enter the tier&#39;s threshold or less.",
         "tiers.levels.0.tag": "Enter a tag that doesn&#39;t begin with “suki-tier:”. Suki uses those tags itself.",
         "tiers.levels.0.multiplier": "Enter a number greater than 0.", "tiers.levels.1.enter": TOO_FINE,
         "tiers.levels.2.name": "Another tier has this name."},
    ),
    "order rule": (
        "orders/rule",
        RULE | {"name": "", "multiplier": "-1", "minimum_order": "1.001", "first": "soon",
                "first_time": "six", "products": "foo"},
        {"name": EMPTY, "multiplier": "Enter 0 or more.", "minimum_order": TOO_FINE,
         "first": DAY, "first_time": "Enter a time such as 18:00.",
         "products": "“foo” is not a product ID."},
    ),
    "orders": (
        "orders",
        {"stacking": "best", "code_percent": "101", "rates.0.currency": "USD", "rates.0.points": "2",
         "rates.0.per_amount": "1", "rates.1.currency": "JPY", "rates.1.points": "", "rates.1.per_amount": "10.5"},
        {"code_percent": "Enter 100 or less.", "rates.1.points": EMPTY,
         "rates.0.currency": "USD is your shop&#39;s currency. Set its rate in Earning.",
         "rates.1.per_amount": "Enter a whole amount. JPY has no decimals."},
    ),
    "activity": (
        "activities",
        EVENT | {"word": "Ab c", "points": "0", "starts_at": "soon"},
        {"word": "Use 2 to 40 lowercase letters, digits and hyphens.", "points": "Enter 1 or more.",
         "starts_at": DAY},
    ),
    "automatic": (
        "automatic",
        {"trigger": "tier", "name": "", "tier": "", "points": "0"},
        {"name": EMPTY, "points": "Enter points, select a reward, or do both."},
    ),
    "cashback": (
        "cashback",
        CASHBACK | {"cashback.percent": "120", "cashback.after_days": "-1", "cashback.minimum_order": "0.001"},
        {"cashback.percent": "Enter 100 or less.", "cashback.after_days": "Enter 0 or more.",
         "cashback.minimum_order": TOO_FINE},
    ),
    "expiry": (
        "expiry",
        EXPIRY | {"expiry.day": "31", "expiry.month": "2", "expiry.period": "121", "expiry.last_warning_days": "30"},
        {"expiry.day": "This month has fewer days.", "expiry.period": "Enter up to 120 months.",
         "expiry.last_warning_days": "Enter fewer days than for the first email."},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_mistake_stands_at_its_field_at_once(browser: Browser, engine: Engine, shop: ShopRow, case: str) -> None:
    path, form, expected = CASES[case]
    sent = form | {"based_on": "1", "note": "n" * 201, "effective_on": "soon"}
    shown = browser.post(f"/app/programme/{path}", **sent)
    assert shown.status_code == 422
    found = dict(re.findall(r'name="([^"]+)"[^>]*? error="([^"]+)"', shown.text))
    assert found == expected | {"note": NOTE, "effective_on": DAY}
    with shop_transaction(engine, shop.id) as conn:
        assert len(programmes.versions(conn, shop.id)) == 1


def test_countries_are_taken_by_name_or_letters(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    form = REWARD | {"kind": "free_shipping", "based_on": "1", "countries": "Philippines\nunited states; my sg"}
    assert browser.post("/app/programme/rewards", **form).status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        reward = programmes.versions(conn, shop.id)[-1].programme.rewards[0]
    assert reward.model_dump()["countries"] == {"PH", "US", "MY", "SG"}


def test_a_long_word_in_an_error_is_cut_with_a_sign(browser: Browser) -> None:
    form = REWARD | {"kind": "amount_off", "based_on": "1", "products": "https://admin.shopify.com/store/x/produce/12"}
    shown = browser.post("/app/programme/rewards", **form)
    assert "“https://admin.shopify.com/store/x/produ…” is not a product ID" in shown.text
