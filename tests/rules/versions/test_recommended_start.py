"""A recommended start fits every currency and order value, and gives back no more than its margin allows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.fields import of_shop
from plugin.rules.money import minor_digits
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, FreeShipping, PercentOff, Slider
from plugin.rules.versions.programme_cost import cost_of, worth_of_a_point
from plugin.rules.versions.recommended_start import (
    AIMS,
    GOODS,
    MARGINS,
    MOST_PERCENT,
    Answers,
    recommended,
    usual_order,
)
from tests.reached import reach, reaches

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANSWERS = st.builds(Answers, st.sampled_from(GOODS), st.sampled_from(MARGINS), st.sampled_from(AIMS))
CURRENCIES = st.sampled_from(["USD", "EUR", "PHP", "JPY", "KRW", "KWD", "TND", "IDR", "CLP", "VND"])


def given_back(programme: Programme, minor: int, currency: str, times: Decimal) -> Fraction:
    """By hand: whole points of one order of that amount, for the better of its rewards, and the code."""
    unit = Fraction(programme.earning.per_amount) * 10 ** minor_digits(currency)
    larger = [rule for rule in programme.orders.rules
              if minor >= Fraction(rule.minimum_order) * 10 ** minor_digits(currency)]  # fmt: skip
    factor = Fraction(times) * (Fraction(larger[0].multiplier) if larger else 1)
    points = Fraction(minor) / unit * factor // 1
    offers = [one for one in programme.rewards if isinstance(one, AmountOff)]
    best = max(Fraction(one.value) * 10 ** minor_digits(currency) / one.points for one in offers)
    code = Fraction(programme.next_order_code.value) / 100 if programme.next_order_code.enabled else 0
    return points * best + minor * code


@reaches(gives=0.5)
@given(ANSWERS, CURRENCIES, st.integers(1, 10**11) | st.integers(1, 2000))
def test_whatever_a_shop_s_orders_come_to_its_start_is_valid_and_within_its_margin(
    answers: Answers, currency: str, usual: int
) -> None:
    made = recommended(Programme(), answers, currency, usual)
    assert Programme.model_validate(made.model_dump(), context=of_shop(currency)) == made
    assert [one.points for one in made.rewards] == sorted({one.points for one in made.rewards})
    top = max((tier.multiplier for tier in made.tiers.levels), default=Decimal(1))
    for minor in (usual, usual * 2, usual * 7):
        if given_back(made, minor, currency, top):
            reach("gives")
        assert given_back(made, minor, currency, top) <= Fraction(minor * MOST_PERCENT[answers.margin], 100)


@reaches(code=0.05, multiplies=0.2)
@given(ANSWERS, CURRENCIES)
def test_a_start_by_the_currency_reaches_its_first_reward_within_a_few_orders(answers: Answers, currency: str) -> None:
    usual = usual_order(currency)
    made = recommended(Programme(), answers, currency, usual)
    cost = cost_of(made, currency, [usual // 2, usual, usual * 2], NOW)
    if cost.code_percent:
        reach("code")
    if cost.most_percent > cost.usual_percent:
        reach("multiplies")
    assert 25 <= cost.points <= 100
    assert cost.points * 5 >= made.rewards[0].points
    assert made.welcome_points < made.rewards[0].points
    assert Decimal(1) < cost.usual_percent <= cost.most_percent <= MOST_PERCENT[answers.margin]


@reaches(gives=0.9)
@given(ANSWERS, CURRENCIES, st.integers(1_000, 10**9))
def test_the_cost_of_a_start_is_what_its_orders_give_back_by_hand(answers: Answers, currency: str, usual: int) -> None:
    made = recommended(Programme(), answers, currency, usual)
    cost = cost_of(made, currency, [usual], NOW)
    by_hand = given_back(made, usual, currency, Decimal(1)) * 100 / usual
    if by_hand:
        reach("gives")
    assert abs(Fraction(cost.usual_percent) - by_hand) <= Fraction(1, 20)
    assert (cost.order_minor, cost.cashback_percent, cost.unpriced) == (usual, 0, ())


def test_each_answer_changes_what_it_is_about() -> None:
    def start(*answers: str) -> Programme:
        return recommended(Programme(points_name="crumbs"), Answers(*answers), "PHP", 250_000)  # type: ignore[arg-type]

    plain = start("often", "fair", "repeat")
    assert [(one.name, one.points) for one in plain.rewards] == [("₱100 off", 50), ("₱200 off", 100)]
    assert (plain.earning.points, plain.earning.per_amount, plain.earning.pending_days) == (1, Decimal(50), 0)
    assert (plain.next_order_code.enabled, plain.referrals.enabled, plain.tiers.levels, plain.orders.rules) == (
        False, False, (), ())  # fmt: skip
    assert plain.points_name == "crumbs"
    assert start("fashion", "fair", "repeat").earning.pending_days == 14
    code = start("home", "high", "repeat").next_order_code
    assert (code.enabled, code.value, code.valid_days) == (True, Decimal(10), 90)
    assert [str(rule.minimum_order) for rule in start("other", "fair", "more").orders.rules] == ["4000.00"]
    assert start("other", "thin", "friends").referrals.friend.value == 5
    ladder = start("other", "fair", "vip").tiers.levels
    assert [(tier.name, str(tier.enter)) for tier in ladder] == [
        ("Bronze", "5000.00"), ("Silver", "12000.00"), ("Gold", "30000.00")]  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "earn", "reward"),
    [("USD", "1.00", "$2 off"), ("JPY", "100", "¥200 off"), ("KWD", "0.500", "KWD\N{NO-BREAK SPACE}1 off")],
)
def test_numbers_fit_currencies_of_two_no_and_three_decimals(currency: str, earn: str, reward: str) -> None:
    made = recommended(Programme(), Answers("often", "fair", "repeat"), currency, usual_order(currency))
    assert (str(made.earning.per_amount), made.rewards[0].name) == (earn, reward)


def test_a_point_is_worth_what_the_best_reward_gives_for_it() -> None:
    five = AmountOff(id="r1", name="5 off", points=500, value=Decimal(5))
    ten = PercentOff(id="r2", name="10 % off", points=400, value=Decimal(10))
    slider = Slider(id="r3", name="Slide", points=100, step=100, most=1000, value=Decimal("1.10"))
    free = FreeShipping(id="r4", name="Free delivery", points=1)
    for rewards, cents in (
        ((five,), Fraction(1)),
        ((five, ten), Fraction(5, 4)),  # of an order of 50.00
        ((five, slider), Fraction(11, 10)),
        ((five.model_copy(update={"active": False}), ten.model_copy(update={"prices": {"gold": 100}})), Fraction(5)),
        ((free,), None),
        ((), None),
    ):
        assert worth_of_a_point(Programme(rewards=rewards), "USD", 5000) == cents
    cost = cost_of(Programme(rewards=(five, free)), "USD", [5000], NOW)
    assert (cost.points, cost.points_minor, cost.points_percent, cost.unpriced) == (50, 50, 1, ("Free delivery",))
    assert (cost.code_percent, cost.most_percent) == (10, 11)
