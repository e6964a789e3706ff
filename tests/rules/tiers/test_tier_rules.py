"""A ladder as staff write it down: what is wrong with it, by step and field, and who stands where by a tag."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.tiers.tier_rules import Tier, Tiers, key_for, problems


def step(key: str, enter: str | None = None, **more: Any) -> Tier:
    return Tier(key=key, name=more.pop("name", key.title()), enter=None if enter is None else Decimal(enter), **more)


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ((step("a", "1"), step("b", "2")), {}),
        ((step("a", "1"), step("b", "2", name="A")), {"1.name": "Another tier has this name."}),
        ((step("a", "1"), step("a", "2", name="B")), {"1.key": "Another tier has this key."}),
        ((step("a", "2"), step("b", "2")), {"1.enter": "Enter more than the threshold of A."}),
        ((step("a", "2"), step("b", "1")), {"1.enter": "Enter more than the threshold of A."}),
        ((step("a"),), {"0.enter": "Enter a threshold, or a customer tag."}),
        (
            (step("a", tag="VIP"), step("b", "2")),
            {"1.enter": "Move this tier before A, which members join by tag only."},
        ),
        ((step("a", "1", tag="VIP"), step("b", tag="vip")), {"1.tag": "Another tier has this tag."}),
        ((step("a", "1"), step("b", tag="VIP"), step("c", tag="Black")), {}),
    ],
)
def test_what_is_wrong_between_steps(steps: tuple[Tier, ...], wrong: dict[str, str]) -> None:
    assert problems(dict(enumerate(steps)), "spend", "") == wrong


@pytest.mark.parametrize(
    ("metric", "currency", "enter", "keep", "wrong"),
    [
        ("points", "USD", "2.5", None, {"enter"}), ("orders", "USD", "3", "2.5", {"keep"}),
        ("orders", "", "2.5", "1.5", {"enter", "keep"}), ("orders", "USD", "3", "2", set()),
        ("spend", "JPY", "2.5", None, {"enter"}), ("spend", "USD", "2.555", "2.5", {"enter"}),
        ("spend", "USD", "2.55", "2.5", set()), ("spend", "", "2.555", None, set()), ("", "USD", "2.555", None, set()),
    ],
)  # fmt: skip
def test_thresholds_are_as_fine_as_what_is_counted(
    metric: str, currency: str, enter: str, keep: str | None, wrong: set[str]
) -> None:
    made = step("a", enter, keep=None if keep is None else Decimal(keep))
    assert problems({0: made}, metric, currency).keys() == {f"0.{field}" for field in wrong}


@pytest.mark.parametrize("tag", ["suki-tier:gold", "SUKI-TIER:x", "a,b"])
def test_a_tag_that_cannot_be_one_is_refused(tag: str) -> None:
    with pytest.raises(ValidationError, match=r"begin with “suki-tier:”|without a comma"):
        step("a", "1", tag=tag)
    assert step("a", "1", tag=" my suki-tier: ").tag == "my suki-tier:"


def test_a_keep_threshold_is_the_enter_threshold_or_lower() -> None:
    assert step("a", "5").keep_mark == 5
    assert step("a", "5", keep=Decimal(5)).keep_mark == 5
    assert step("a", tag="VIP").keep_mark is None
    for enter in ("5", None):
        with pytest.raises(ValidationError, match="the tier's threshold or less"):
            step("a", enter, keep=Decimal("5.01"), tag="VIP")


def test_a_step_is_found_by_its_key_and_the_highest_by_the_tags() -> None:
    tiers = Tiers(levels=(step("a", "1", tag="One"), step("b", "2"), step("c", tag="Zwei")))
    assert [tiers.rank(key) for key in ("a", "c", "", "x")] == [0, 2, -1, -1]
    assert [getattr(tiers.named(key), "name", None) for key in ("a", "x")] == ["A", None]
    assert [tiers.tagged(tags) for tags in (["ONE"], ["zwei", "one"], ["b", ""], [])] == [0, 2, -1, -1]
    assert (tiers.by_tag, Tiers(levels=(step("a", "1"),)).by_tag) == (True, False)


def test_a_new_key_is_the_name_in_plain_letters_with_the_next_number() -> None:
    assert [key_for("Très Chic!", taken) for taken in ([], ["tr-s-chic"], ["tr-s-chic", "tr-s-chic-2"])] == [
        "tr-s-chic", "tr-s-chic-2", "tr-s-chic-3",
    ]  # fmt: skip
    assert (key_for("金", []), key_for("x" * 50, [])) == ("tier", "x" * 36)
    assert key_for("--a--", []) == "a"
