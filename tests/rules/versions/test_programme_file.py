"""A programme goes to a file and comes back the same; what is wrong in a file is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml
from pydantic import ValidationError

from plugin.errors import BadInput
from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.fields import of_shop
from plugin.rules.orders.earning_rules import OrderEarning
from plugin.rules.programme import Basis, Earning, Goal, NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff, FreeShipping
from plugin.rules.tiers.tier_rules import PRESETS as LADDERS
from plugin.rules.versions.programme_changes import changes
from plugin.rules.versions.programme_file import from_yaml, to_yaml
from plugin.rules.versions.programme_presets import PRESETS, started

RICH = Programme(
    points_name="kape beans",
    earning=Earning(points=3, per_amount=Decimal("2.50"), rounding="half_up"),
    basis=Basis(excluded_products=frozenset({12, 11}), excluded_tags=frozenset({"no", "on sale"})),
    next_order_code=NextOrderCode(kind="amount", value=Decimal("5.125")),
    goals=(Goal(name="null", points=5),),
    rewards=(
        AmountOff(id="r1", name="Five off: #1", points=100, value=Decimal(5)),
        FreeShipping(id="r2", name="Libreng padala ₱", points=50, countries=frozenset({"NO", "PH"})),
    ),
    tiers=LADDERS["yearly_spend"],
)


@pytest.mark.parametrize("programme", [Programme(), RICH])
def test_a_programme_comes_back_from_its_file_as_it_was(programme: Programme) -> None:
    text = to_yaml(programme, "Version 1\nof a shop")
    assert text.splitlines()[0] == "# Version 1 of a shop"
    assert Programme.model_validate(from_yaml(text)) == programme


def test_what_is_left_out_is_as_in_a_new_programme() -> None:
    assert Programme.model_validate(from_yaml("format: 1\nprogramme: {welcome_points: 5}")) == Programme(
        welcome_points=5
    )


def test_words_are_words_and_numbers_are_exact() -> None:
    raw = from_yaml("format: 1\nprogramme: {a: NO, b: yes, c: 012, d: 1:30, e: 2026-12-01, f: 0.1, g: 1e3, h: true}")
    assert raw == {
        "a": "NO", "b": "yes", "c": "012", "d": "1:30", "e": "2026-12-01", "f": Decimal("0.1"), "g": "1e3", "h": True,
    }  # fmt: skip


BOMB = "format: 1\nprogramme:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]"


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("a: [", "file", "line 1"),
        ("", "file", "must hold"),
        ("format: 1\nprogramme: {}\nmore: 1", "file", "nothing else"),
        ("format: 2\nprogramme: {}", "format", "must be 1"),
        ("format: 1\nprogramme: [1]", "programme", "parts"),
        ("format: 1\nprogramme: {welcome_points: 1, welcome_points: 2}", "file", "stands here twice"),
        (BOMB, "file", "not taken"),
        ("format: 1\nprogramme: !!python/object/apply:os.system [ls]", "file", "python"),
        ("x" * 1_000_001, "file", "at most"),
        ("format: 1\nprogramme: " + "[" * 5000, "file", ""),
    ],
)
def test_a_file_that_is_no_programme_is_refused_with_the_reason(text: str, field: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        from_yaml(text)
    assert words in refused.value.fields[field]


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="earnings"):
        Programme.model_validate(from_yaml("format: 1\nprogramme: {earnings: {}}"))


def finer(programme: Programme, currency: str) -> set[str]:
    """The fields that such a shop could not save."""
    try:
        Programme.model_validate(programme.model_dump(), context=of_shop(currency))
    except ValidationError as error:
        return {".".join(map(str, problem["loc"])) for problem in error.errors()}
    return set()


def test_amounts_finer_than_the_currency_are_named() -> None:
    assert finer(RICH, "USD") == {"next_order_code.value"}
    assert finer(RICH, "KWD") == set()
    assert finer(RICH, "JPY") == {"earning.per_amount", "next_order_code.value"}


@pytest.mark.parametrize("key", PRESETS)
@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_a_preset_is_a_good_programme_and_leaves_other_parts_alone(key: str, currency: str) -> None:
    programme = started(RICH, PRESETS[key], currency)
    assert (programme.points_name, programme.basis) == (RICH.points_name, RICH.basis)
    assert not [name for name in finer(programme, currency) if not name.startswith("next_order_code")]
    assert Programme.model_validate(from_yaml(to_yaml(programme, key))) == programme


@pytest.mark.parametrize(("currency", "marks"), [("USD", [100, 300, 1000]), ("PHP", [5000, 15000, 50000])])
def test_a_preset_suggests_amounts_of_the_currency_s_size(currency: str, marks: list[int]) -> None:
    programme = started(RICH, PRESETS["tiers"], currency)
    assert [tier.enter for tier in programme.tiers.levels] == marks
    assert programme.earning.per_amount == Decimal(marks[0]) / 100


@pytest.mark.parametrize(("currency", "unit", "sign"), [("USD", 1, "$"), ("PHP", 50, "₱")])
def test_the_points_preset_has_three_rewards_named_by_what_they_bring(currency: str, unit: int, sign: str) -> None:
    for key in ("points", "tiers"):
        programme = started(RICH, PRESETS[key], currency)
        told = [(one.id, one.name, one.points, getattr(one, "value", None)) for one in programme.rewards]
        assert told == [
            ("rfive", f"{sign}{5 * unit} off", 100, 5 * unit), ("rtwelve", f"{sign}{12 * unit} off", 200, 12 * unit),
            ("rship", "Free shipping", 150, None),
        ]  # fmt: skip
        assert (programme.earning, programme.welcome_points) == (Earning(points=1, per_amount=Decimal(unit)), 50)


def test_a_file_has_a_million_letters_at_most_and_names_the_line_that_is_wrong() -> None:
    whole = "format: 1\nprogramme: {}\n"
    assert from_yaml(whole + "#" * (1_000_000 - len(whole))) == {}
    with pytest.raises(BadInput) as large:
        from_yaml(whole + "#" * (1_000_001 - len(whole)))
    assert large.value.fields == {"file": "at most 1,000,000 characters"}
    long = "k" * 50
    with pytest.raises(BadInput) as twice:
        from_yaml(f"format: 1\nprogramme:\n  {long}: 1\n  {long}: 2\n")
    assert twice.value.fields == {"file": f"line 4: “{'k' * 40}” stands here twice"}
    with pytest.raises(BadInput) as wrong:
        from_yaml("format: 1\nprogramme: {}\n  more: 1\n")
    assert wrong.value.fields["file"].startswith("line 3: ")


def test_the_tiers_only_preset_gives_no_points() -> None:
    birthday = Birthday(id="aday", name="Day", points=5)
    extra = RICH.model_copy(update={"orders": OrderEarning(per_order=5), "activities": (birthday,)})
    programme = started(extra, PRESETS["vip"], "USD")
    assert (programme.earning.points, programme.welcome_points, programme.rewards) == (0, 0, ())
    assert (programme.orders, programme.activities, programme.referrals.enabled) == (OrderEarning(), (), False)
    assert {tier.multiplier for tier in programme.tiers.levels} == {1}


def test_differences_are_told_field_by_field_as_a_merchant_reads_them() -> None:
    five, shipping = RICH.rewards
    gold = RICH.tiers.levels[2].model_copy(update={"enter": Decimal(1200)})
    other = RICH.model_copy(
        update={
            "points_name": "stars",
            "earning": Earning(points=3, per_amount=Decimal("2.50"), rounding="floor"),
            "basis": Basis(tax=True),
            "rewards": (five.model_copy(update={"points": 120}), five.model_copy(update={"id": "r3", "name": "New"})),
            "tiers": RICH.tiers.model_copy(update={"levels": (*RICH.tiers.levels[:2], gold)}),
        }
    )
    assert [each.sentence for each in changes(RICH, other)] == [
        "Name for points: kape beans → stars",
        "Earning, rounding: rounded to the nearest → rounded down",
        "What earns points, include tax: no → yes",
        "What earns points, products that don't earn points: 11, 12 → –",
        "What earns points, product tags that don't earn points: no, on sale → –",
        "Tier “Gold”, threshold: 1000 → 1200",
        "Reward “Five off: #1”, price in points: 100 → 120",
        "Reward “Libreng padala ₱”: existing → removed",
        "Reward “New”: – → added",
    ]
    assert changes(RICH, RICH) == []


def test_another_order_of_rewards_is_a_difference() -> None:
    turned = RICH.model_copy(update={"rewards": RICH.rewards[::-1]})
    (change,) = changes(RICH, turned)
    assert (change.field, change.new) == ("Reward, order", "Libreng padala ₱, Five off: #1")


def test_a_file_is_plain_yaml_for_everybody_else() -> None:
    assert yaml.safe_load(to_yaml(RICH, ""))["programme"]["earning"]["per_amount"] == 2.5


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:00", "1999-12-31T23:00:00Z", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_a_moment_out_of_reach_is_refused_in_a_file_and_read_where_it_is_stored(field: str, moment: str) -> None:
    rules = {"orders": {"rules": [{"key": "a", "name": "A", field: moment}]}}
    with pytest.raises(ValidationError, match="Enter a year from 2000 to 9000"):
        Programme.model_validate(rules, context=of_shop("USD"))
    assert Programme.model_validate(rules).orders.rules[0].campaign
