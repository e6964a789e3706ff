"""What is counted has its own unit, and what is missing its day."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale

from plugin.rules import explain
from plugin.rules.tiers.placing import Aim
from plugin.rules.types import Reason
from plugin.rules.words.reasons import HEADLINES
from plugin.rules.words.tiers import aim, amount

EN = Locale("en")


@pytest.mark.parametrize(
    ("value", "metric", "said"),
    [(12_000, "spend", "$120.00"), (120, "points", "120 stars"), (1, "orders", "1 order"), (1200, "orders",
    "1,200 orders")]
    + [(0, "orders", "0 orders")],
)  # fmt: skip
def test_what_is_counted_has_its_unit(value: int, metric: str, said: str) -> None:
    assert amount(value, metric, "USD", EN, "stars") == said


def test_an_entry_of_a_tier_names_it_or_does_without() -> None:
    for kind in HEADLINES["tiers"]:
        assert "Gold" in explain.headline(kind, {"tier": "Gold"}, EN)
        assert "{" not in explain.headline(kind, {}, EN)
        assert "None" not in explain.headline(kind, {"tier": None}, EN)


def words(code: str, **values: object) -> str:
    return explain.words(Reason(code, values), EN, "staff", points_name="stars")


def test_places_are_filled_with_dates_points_and_windows() -> None:
    counted = {"value": 4500, "metric": "spend", "currency": "USD"}
    assert words("tier_value", **counted, window="rolling", window_days=365).startswith("$45.00 ")
    assert "365 days" in words("tier_value", **counted, window="rolling", window_days=365)
    assert "1 day" in words("tier_value", **counted, window="rolling", window_days=1)
    assert "{" not in words("tier_value", **counted, window="calendar") + words(
        "tier_value", **counted, window="lifetime"
    )
    assert "December 31, 2026" in words("tier_until", tier="Gold", until="2026-12-31")
    assert "1,045 stars" in words("tier_bonus", tier="Gold", points="1045")
    assert "{" not in words("tier_pinned", tier="Gold", until="")
    assert not words("tier_set", tier="Gold", note="").endswith(" ")


def test_what_is_missing_is_said_with_its_tier_and_its_day_where_it_has_one() -> None:
    day = date(2027, 12, 31)
    found = {
        (keep, goal.by is None): aim(goal, "Gold", "points", "USD", EN, keep=keep, points_name="stars")
        for keep in (True, False)
        for goal in (Aim("gold", 80), Aim("gold", 80, day))
    }
    assert len(set(found.values())) == 4
    assert all("80 stars" in said and "Gold" in said and "{" not in said for said in found.values())
    assert all(("December 31, 2027" in said) == (not endless) for (_, endless), said in found.items())
