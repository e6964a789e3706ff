"""Every field and every choice of a programme has words for the page that compares two versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from plugin.rules.orders.earning_rules import CurrencyRate, Limit, OrderEarning, OrderRule, TierRate
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_rules import Referrals, Thanks
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.own_rewards import Custom
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.rules.versions.programme_changes import changes
from plugin.rules.words.programme import COMMON, FIELDS, PARTS, VALUES

FIVE = AmountOff(id="rfive", name="5 off", points=100, value=5)
START = Programme(rewards=(FIVE,), tiers=PRESETS["yearly_spend"])


def models_in(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from models_in(inner)


def choices_in(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from (str(each) for each in get_args(kind))
    for inner in get_args(kind) if get_origin(kind) is not Literal else ():
        yield from choices_in(inner)


def fields(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        inner = (*path, name)
        yield ".".join(inner), field.annotation
        for each in models_in(field.annotation):
            yield from fields(each, inner)


def test_every_part_and_field_is_called_something() -> None:
    nameless = [
        path
        for path, kind in fields(Programme)
        if not (path in PARTS if any(models_in(kind)) else path in FIELDS or path.rpartition(".")[2] in COMMON)
    ]
    assert nameless == []


def test_every_choice_has_words() -> None:
    wordless = {
        f"{path}: {choice}"
        for path, kind in fields(Programme)
        if not any(models_in(kind))
        for choice in choices_in(kind)
        if choice not in VALUES.get(path, {})
    }
    assert wordless == set()


def test_nothing_is_named_that_no_programme_has() -> None:
    known = {path for path, _ in fields(Programme)}
    assert (FIELDS.keys() | VALUES.keys() | PARTS.keys()) - known == set()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"referrals": Referrals(enabled=True)}, "Referrals, on: no → yes"),
        ({"referrals": Referrals(advocate=Thanks(points=300))}, "Member's reward, points: 500 → 300"),
        ({"orders": OrderEarning(limits=(Limit(most=100),))}, "Limit “points a day”: – → added"),
        (
            {"orders": OrderEarning(tier_rates=(TierRate(tier="gold", points=2, per_amount=Decimal(1)),))},
            "Rate for tier “Gold”: – → added",
        ),
        (
            {"orders": OrderEarning(rates=(CurrencyRate(currency="JPY", points=2, per_amount=Decimal(1)),))},
            "Rate for payments in “JPY”: – → added",
        ),
        (
            {"rewards": (FIVE.model_copy(update={"prices": {"gold": 80}}),)},
            "Reward “5 off”, price for Gold: – → 80",
        ),
        (
            {"rewards": (FIVE.model_copy(update={"starts_at": datetime(2026, 12, 1, tzinfo=UTC)}),)},
            "Reward “5 off”, from: – → 2026-12-01 00:00 UTC",
        ),
    ],
)
def test_a_change_reads_as_a_merchant_speaks(change: dict[str, Any], sentence: str) -> None:
    assert [each.sentence for each in changes(START, START.model_copy(update=change))] == [sentence]


def test_a_rule_within_a_list_says_which_and_what() -> None:
    rule = OrderRule(key="weekend", name="Weekend", effect="multiplier", multiplier=Decimal(2), weekdays=frozenset({5}))
    before, after = (
        OrderEarning(rules=(each,)) for each in (rule, rule.model_copy(update={"weekdays": frozenset({5, 6})}))
    )
    old, new = (START.model_copy(update={"orders": each}) for each in (before, after))
    assert [each.sentence for each in changes(old, new)] == [
        "Order rule “Weekend”, on the weekdays: Saturday → Saturday, Sunday"
    ]


def test_what_has_no_name_of_its_own_is_called_by_its_part() -> None:
    before, after = (START.model_copy(update={"orders": OrderEarning(limits=(Limit(most=most),))}) for most in (5, 7))
    assert [each.sentence for each in changes(before, after)] == ["Limit “points a day”: 5 → 7"]


@pytest.mark.parametrize(("letters", "shown"), [(80, "x" * 80), (81, "x" * 79 + "…"), (0, "–")])
def test_of_a_long_text_eighty_letters_are_shown(letters: int, shown: str) -> None:
    custom = [Custom(id="rone", name="Tour", points=5, description=text) for text in ("Short", "x" * letters)]
    before, after = (START.model_copy(update={"rewards": (each,)}) for each in custom)
    assert [each.sentence for each in changes(before, after)] == [f"Reward “Tour”, description: Short → {shown}"]


def test_lines_are_told_as_one() -> None:
    custom = [Custom(id="rone", name="Tour", points=5, description=text) for text in ("One\nTwo", "")]
    before, after = (START.model_copy(update={"rewards": (each,)}) for each in custom)
    assert [(each.old, each.new) for each in changes(before, after)] == [("One, Two", "–")]


@pytest.mark.parametrize(
    ("limit", "called"),
    [(Limit(most=1, per="total"), "points a lifetime"), (Limit(most=1, of="orders", per="week"), "orders a week")],
)
def test_a_limit_is_called_by_what_it_limits(limit: Limit, called: str) -> None:
    after = START.model_copy(update={"orders": OrderEarning(limits=(limit,))})
    assert [each.sentence for each in changes(START, after)] == [f"Limit “{called}”: – → added"]
    assert [each.sentence for each in changes(after, START)] == [f"Limit “{called}”: existing → removed"]
