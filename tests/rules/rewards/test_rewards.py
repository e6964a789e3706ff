"""Rewards: which fields each kind takes, when one may be redeemed, what it is worth, what Shopify is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from graphql.utilities import validate_input_value
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from plugin.rules.codes.discounts import Label, reward_input
from plugin.rules.points import lots
from plugin.rules.points.lots import Lot
from plugin.rules.programme import Programme, ToReach
from plugin.rules.rewards import redemption
from plugin.rules.rewards.kinds import AmountOff, FreeProduct, FreeShipping, PercentOff, Reward, Slider
from plugin.rules.rewards.redemption import Standing
from tests.conformance.official import admin_schema
from tests.reached import reach, reaches

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIVE = AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5))
SLIDER = Slider(id="rany", name="Any", points=50, step=10, most=200, value=Decimal("0.25"))
ADAPTER: TypeAdapter[Reward] = TypeAdapter(Reward)
EVERY = (
    FIVE,
    SLIDER,
    PercentOff(id="rten", name="10 %", points=10, value=Decimal(10), collections=frozenset({3})),
    FreeShipping(id="rship", name="Ship", points=10, countries=frozenset({"PH"}), maximum_rate=Decimal(9)),
    FreeShipping(id="rall", name="Ship", points=10),
    FreeProduct(id="rmug", name="Mug", points=10, product=5, value=Decimal("8.50")),
    AmountOff(id="rgoods", name="Some", points=1, value=Decimal(1), products=frozenset({1}), minimum_order=Decimal(20)),
)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points": 0}, "points"),
        ({"value": "-1"}, "value"),
        ({"value": "1e12"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"name": " "}, "name"),
        ({"id": "next_order_code"}, "id"),
        ({"valid_days": 0}, "valid_days"),
        ({"per_member": 0}, "per_member"),
        ({"prefix": "suki!"}, "prefix"),
        ({"products": [1], "collections": [2]}, "collections"),
        ({"starts_at": NOW, "ends_at": NOW}, "ends_at"),
        ({"starts_at": "2026-11-20T12:00:00"}, "starts_at"),
        ({"kind": "percent_off", "value": 101}, "value"),
        ({"kind": "slider", "step": 30, "most": 300}, "step"),
        ({"kind": "slider", "step": 10, "most": 90}, "most"),
        ({"kind": "slider", "step": 10, "most": 205}, "most"),
        ({"kind": "free_product"}, "product"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    raw = {"kind": "amount_off", "id": "r1", "name": "One", "points": 100, "value": 5} | changes
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(raw)
    assert field in {problem["loc"][-1] for problem in caught.value.errors()}


def test_two_rewards_never_share_an_id() -> None:
    with pytest.raises(ValidationError, match="share one id"):
        Programme(rewards=(FIVE, FIVE))


@pytest.mark.parametrize("reward", EVERY)
def test_a_reward_is_stored_and_read_back_the_same(reward: Reward) -> None:
    programme = Programme(rewards=(reward,))
    assert Programme.model_validate_json(programme.model_dump_json()) == programme


def test_programmes_from_before_there_were_rewards_still_name_their_goals() -> None:
    old = Programme.model_validate({"goals": [{"name": "Mug", "points": 300}]})
    assert old.to_reach == (ToReach(name="Mug", points=300),)
    paused = FIVE.model_copy(update={"id": "rp", "active": False})
    new = old.model_copy(update={"rewards": (FIVE, paused)})
    assert new.to_reach == (ToReach(name="5 off", points=100),)


@pytest.mark.parametrize("reward", EVERY)
def test_shopify_understands_every_kind(reward: Reward) -> None:
    terms = redemption.terms(reward, reward.points, "USD")
    made = reward_input(terms, Label("SUKI-1", "Title", "tag"), NOW, NOW + timedelta(days=1))
    free = reward.kind == "free_shipping"
    kind = admin_schema().type_map["DiscountCodeFreeShippingInput" if free else "DiscountCodeBasicInput"]
    problems: list[str] = []
    validate_input_value(made | {"context": {"all": "ALL"}}, kind, lambda *found: problems.append(str(found)))
    assert problems == []
    assert (made["usageLimit"], made["appliesOncePerCustomer"]) == (1, True)


def refused(reward: Reward, points: int, now: datetime = NOW, **standing: Any) -> str:
    why = redemption.refusal(reward, points, Standing(**{"available": 1000} | standing), now)
    return why.code if why else ""


def test_each_refusal_has_its_own_reason() -> None:
    dated = FIVE.model_copy(
        update={"starts_at": NOW, "ends_at": NOW + timedelta(days=1), "per_member": 1, "in_total": 9}
    )
    assert refused(dated, 100) == ""
    assert refused(dated, 100, NOW - timedelta(seconds=1)) == "reward_not_yet"
    assert refused(dated, 100, NOW + timedelta(days=1)) == "reward_over"
    assert refused(dated, 100, used=1) == "reward_used"
    assert refused(dated, 100, used_in_total=9) == "reward_gone"
    assert refused(dated, 100, has_account=False) == "needs_account"
    assert refused(dated.model_copy(update={"active": False}), 100) == "reward_paused"
    assert refused(dated, 100, available=99, pending=500) == "too_few_points"


def test_debt_and_what_is_missing_are_told_in_full() -> None:
    why = redemption.refusal(FIVE, 100, Standing(available=-20), NOW)
    assert why is not None
    assert why.values["points"] == 120


@reaches(allowed=0.06, refused=0.15)
@given(points=st.integers(0, 50).map(lambda steps: 5 * steps) | st.integers(-1000, 1000),
       spare=st.integers(-30, 300))  # fmt: skip
def test_a_slider_takes_exactly_its_steps_and_never_more_than_there_is(points: int, spare: int) -> None:
    allowed = refused(SLIDER, points, available=points + spare) == ""
    assert allowed == (points in range(50, 201, 10) and spare >= 0)
    reach("allowed" if allowed else "refused")


@reaches(offered=0.3, not_offered=0.1)
@given(available=st.integers(-100, 400))
def test_what_is_offered_is_the_most_that_can_be_redeemed(available: int) -> None:
    for reward in (FIVE, SLIDER):
        taken = [points for points in range(-100, 401, 10) if refused(reward, points, available=available) == ""]
        most = redemption.affordable(reward, available)
        reach("offered" if most else "not_offered")
        if reward is SLIDER:
            assert most == max(taken, default=0)
        else:
            assert most == (100 if available >= 100 else 0)


@given(steps=st.integers(5, 20))
def test_a_sliders_worth_grows_with_its_points(steps: int) -> None:
    assert redemption.terms(SLIDER, steps * 10, "USD")["value"] == str(Decimal("0.25") * steps)


def test_only_what_is_past_its_wait_and_before_its_end_can_be_spent() -> None:
    tick = timedelta(microseconds=1)
    held = [
        Lot(1, 1, 5, NOW),
        Lot(2, 2, 5, NOW + tick),
        Lot(3, 3, 5, NOW - tick, NOW + tick),
        Lot(4, 4, 5, NOW - tick, NOW),
        Lot(5, 5, 5, NOW + tick, NOW + 2 * tick),
        Lot(6, 6, 5, NOW - tick),
    ]
    assert [lot.id for lot in lots.spendable(held, NOW)] == [1, 3, 6]
