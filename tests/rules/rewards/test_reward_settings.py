"""Settings of rewards: prices and rewards by tier, limits per period, stock, and where they are redeemed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules import explain
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.rules.rewards.redemption import Standing, left, period_began, refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def five(**more: Any) -> AmountOff:
    return AmountOff(id="rfive", name="5 off", points=100, value=5, **more)


def test_a_tier_has_its_own_price_and_everyone_else_the_usual_one() -> None:
    reward = five(prices={"gold": 80, "vip": 120})
    assert [kinds.offered(reward, tier).points for tier in ("", "silver", "gold", "vip")] == [100, 100, 80, 120]
    assert refusal(kinds.offered(reward, "gold"), 80, Standing(available=80, tier="gold"), NOW) is None


def test_a_currency_has_its_own_price_unless_the_tier_has_one() -> None:
    reward = five(prices={"gold": 80}, currency_prices={"eur": 120, "JPY": 90})
    paid_in = [kinds.offered(reward, "", currency).points for currency in ("", "USD", "EUR", "JPY")]
    assert paid_in == [100, 100, 120, 90]
    assert kinds.offered(reward, "gold", "EUR").points == 80


@pytest.mark.parametrize("prices", [{"prices": {"gold": 5}}, {"currency_prices": {"EUR": 5}}])
def test_a_slider_has_no_price_by_tier_or_currency(prices: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="can't have other prices"):
        Slider(id="rany", name="Any", points=10, step=10, most=100, value=1, **prices)


@pytest.mark.parametrize(("tier", "code"), [("gold", None), ("silver", "only_for_tiers"), ("", "only_for_tiers")])
def test_a_reward_for_some_tiers_is_refused_to_others_by_name(tier: str, code: str | None) -> None:
    names = {"silver": "Silver", "gold": "Gold", "vip": "VIP"}
    why = refusal(five(tiers={"gold", "vip"}), 100, Standing(500, tier=tier, tier_names=names), NOW)
    assert (why and why.code) == code
    if why:
        assert explain.words(why, Locale("en"), "shopper") == "Only for Gold and VIP."


@pytest.mark.parametrize(
    ("channel", "code"), [("online", "only_elsewhere"), ("pos", None), ("", None)], ids=["online", "pos", "staff"]
)
def test_a_reward_is_redeemed_where_it_is_offered_and_by_staff_anywhere(channel: str, code: str | None) -> None:
    why = refusal(five(channels={"pos"}), 100, Standing(500, channel=channel), NOW)
    assert (why and why.code) == code


@pytest.mark.parametrize("wrong", [{"channels": []}, {"prices": {"gold": 0}}, {"currency_prices": {"EUR": 0}},
                                   {"currency_prices": {"XYZ": 5}}, {"per_member_every": "hour"},
                                   {"back_on_refund": "half"}, {"tiers": [""]}])  # fmt: skip
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        five(**wrong)


def test_a_stored_programme_from_before_keeps_its_meaning() -> None:
    stored = {"kind": "amount_off", "id": "rfive", "name": "5 off", "points": 100, "value": "5"}
    old = Programme.model_validate({"rewards": [stored | {"back_on_refund": said} for said in (True,)]})
    assert old.rewards[0].back_on_refund == "full"
    old = Programme.model_validate({"rewards": [stored | {"back_on_refund": False}]})
    assert old.rewards[0].back_on_refund == "none"
    assert Programme.model_validate(old.model_dump(mode="json")) == old


def test_what_is_left_never_falls_below_nothing() -> None:
    assert [left(five(in_total=3), used) for used in (0, 2, 3, 7)] == [3, 1, 0, 0]
    assert left(five(), 7) is None


@pytest.mark.parametrize(
    ("period", "began"),
    [("day", "2026-11-22T00:00:00+08:00"), ("week", "2026-11-16T00:00:00+08:00"),
     ("month", "2026-11-01T00:00:00+08:00"), ("year", "2026-01-01T00:00:00+08:00"), ("ever", None)],
)  # fmt: skip
def test_periods_are_the_shops_own(period: Any, began: str | None) -> None:
    sunday = datetime(2026, 11, 21, 17, tzinfo=UTC).astimezone(ZoneInfo("Asia/Manila"))
    found = period_began(period, sunday)
    assert (found and found.isoformat()) == began


@given(moment=st.datetimes(timezones=st.just(ZoneInfo("America/St_Johns"))),
       period=st.sampled_from(["day", "week", "month", "year"]))  # fmt: skip
def test_a_period_has_begun_and_is_its_own_beginning(moment: datetime, period: Any) -> None:
    began = period_began(period, moment)
    assert began is not None
    assert began.replace(tzinfo=None) <= moment.replace(tzinfo=None)
    assert period_began(period, began) == began


def test_rewards_for_some_tiers_are_not_promised_to_all_in_mails() -> None:
    assert [goal.name for goal in Programme(rewards=(five(tiers={"gold"}),)).to_reach] == []
