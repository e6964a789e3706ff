"""No property holds of empty cases alone: each declares what it reaches, or asserts in every case."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reached import reach, reaches

TESTS = Path(__file__).parent
ASSERT_IN_EVERY_CASE = {
    "actions/test_leaving.py": {"test_it_is_asked_again_in_a_minute_to_an_hour_and_once_more_at_the_end"},
    "clients/test_mail_compose.py": {"test_any_name_and_subject_come_out_as_one_header_each"},
    "rules/activities/test_activities.py": {
        "test_a_period_ends_where_the_next_begins",
        "test_every_birthday_is_celebrated_on_one_day_of_each_year",
    },
    "rules/codes/test_code_sets.py": {
        "test_a_pooled_code_lives_as_long_as_promised_and_a_month_more_at_most",
        "test_what_is_given_within_two_days_comes_from_a_pool_that_is_filled_today",
        "test_a_pool_holds_two_days_worth_within_limits",
        "test_calls_cover_every_number_once_until_enough_are_there",
    },
    "rules/codes/test_next_order_code.py": {
        "test_a_code_holds_no_letter_that_looks_like_another",
        "test_neither_a_neighbour_nor_another_shop_tells_a_code",
        "test_a_percentage_goes_to_shopify_as_a_share_of_one",
        "test_a_code_ends_with_its_last_local_day_whatever_the_clocks_do",
    },
    "rules/imports/test_whole_numbers.py": {"test_every_number_is_read_as_it_was_written"},
    "rules/referrals/test_sharing.py": {"test_the_link_and_the_words_come_through_whole_whatever_stands_in_them"},
    "rules/test_look.py": {"test_whatever_colours_are_chosen_everything_written_on_the_pages_can_be_read"},
    "rules/orders/test_cashback.py": {"test_the_way_does_not_matter_only_the_end"},
    "rules/orders/test_settle_properties.py": {
        "test_amounts_by_gateway_stay_known_whichever_view_brought_them",
    },
    "rules/orders/test_what_counts.py": {"test_rounding_stays_within_one_point_and_keeps_its_direction"},
    "rules/referrals/test_referrals.py": {"test_signs_add_up", "test_a_mailbox_is_its_own_mailbox"},
    "rules/rewards/test_reward_settings.py": {"test_a_period_has_begun_and_is_its_own_beginning"},
    "rules/rewards/test_rewards.py": {"test_a_sliders_worth_grows_with_its_points"},
    "rules/sending/test_bounce_reports.py": {"test_whatever_comes_is_read_without_an_error"},
    "rules/test_json_text.py": {"test_every_value_is_read_with_texts_that_can_be_kept"},
    "rules/test_messages.py": {
        "test_no_text_becomes_more_than_one_short_line",
        "test_every_text_can_be_read_whatever_colours_a_shop_picks",
    },
    "rules/test_money.py": {"test_every_amount_there_and_back_is_the_same"},
    "rules/test_subjects.py": {"test_whatever_is_written_is_read_as_the_same"},
    "rules/test_events.py": {"test_what_is_written_can_be_read_again"},
    "rules/test_programme.py": {
        "test_a_stored_programme_is_the_same_when_it_is_read",
        "test_the_rate_is_exact_in_every_currency",
    },
    "web/shopper/test_app_proxy.py": {"test_an_honest_visit_passes_with_whatever_its_address_carries"},
    "worth/test_properties.py": {
        "test_the_same_goods_and_the_same_money_count_once_in_whatever_way_they_left",
        "test_goodwill_is_the_same_before_a_return_and_after_it",
        "test_nothing_is_left_when_everything_went_back_however_it_went",
        "test_all_the_money_back_by_amount_leaves_nothing",
        "test_what_is_added_and_open_changes_nothing_until_it_is_paid",
        "test_a_deposit_waits",
        "test_paying_an_addition_bit_by_bit_only_ever_adds_points",
    },
}
"""Of each file, the properties of which any example at all could fail; that each has an assertion that is always
carried out is checked below."""


@cache
def properties() -> dict[str, dict[str, ast.FunctionDef]]:
    """By file and name, every test with `@given`, but for this file's own."""
    found: dict[str, dict[str, ast.FunctionDef]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "@given" in text and path != Path(__file__):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and _decorated(node, "given"):
                    found.setdefault(path.relative_to(TESTS).as_posix(), {})[node.name] = node
    return found


def _decorated(function: ast.FunctionDef, name: str) -> ast.Call | None:
    calls = [each for each in function.decorator_list if isinstance(each, ast.Call)]
    return next((each for each in calls if isinstance(each.func, ast.Name) and each.func.id == name), None)


def always(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """The assertions that every example carries out: in no branch, and in loops only over what is written there."""
    for each in body:
        if isinstance(each, ast.Assert):
            yield each.test
        elif isinstance(each, (ast.With, ast.For)) and _is_certain(each):
            yield from always(each.body)
        elif any(isinstance(inside, ast.Return) for inside in ast.walk(each)):
            return


def _is_certain(block: ast.With | ast.For) -> bool:
    """Whether its body is carried out to the end: a loop over what is written there, a `with` that hides nothing."""
    if isinstance(block, ast.With):
        return "suppress" not in ast.unparse(block.items[0])
    return isinstance(block.iter, (ast.Tuple, ast.List))


def says_something(test: ast.expr) -> bool:
    """Whether it can be wrong in every case: `… or …` and `all(…)` need not."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return False
    return not (isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id in ("all", "any"))


def undeclared() -> list[str]:
    """Properties that neither declare what they reach nor are listed, or are both; `test_house_rules` asks for them."""
    return [
        f"{file}::{name}"
        for file, there in properties().items()
        for name, function in there.items()
        if (_decorated(function, "reaches") is None) != (name in ASSERT_IN_EVERY_CASE.get(file, ()))
    ]


def test_what_is_listed_is_there_and_asserts_in_every_case() -> None:
    wrong = [
        f"{file}::{name}"
        for file, names in ASSERT_IN_EVERY_CASE.items()
        for name in names
        if not (there := properties()[file].get(name)) or not any(map(says_something, always(there.body)))
    ]
    assert wrong == []


def test_the_decorator_is_the_outermost() -> None:
    """Below `@given` or `@settings` it would see no examples."""
    wrong = [
        f"{file}::{name}"
        for file, there in properties().items()
        for name, function in there.items()
        if (declared := _decorated(function, "reaches"))
        and declared is not next(one for one in function.decorator_list if ".mark." not in ast.unparse(one))
    ]
    assert wrong == []


def run(share: float, wanted: int) -> None:
    """A property that reaches `there` where the number is below `wanted`, of 100 that are drawn evenly."""

    @reaches(there=share)
    @given(st.integers(0, 99))
    def small(number: int) -> None:
        if number < wanted:
            reach("there")

    small()


def test_a_property_fails_where_it_mostly_draws_empty_cases() -> None:
    run(0.3, 100)
    with pytest.raises(AssertionError, match=r"mostly empty cases: there: \d+ of \d+ examples, 99% are declared"):
        run(0.99, 50)
    with pytest.raises(AssertionError, match=r"there: 0 of \d+ examples, 0% are declared"):
        run(0.0, 0)


def test_an_example_counts_once_and_what_is_not_declared_is_refused() -> None:
    @reaches(twice=1.0)
    @given(st.booleans())
    def loud(_: bool) -> None:
        reach("twice")
        reach("twice")

    @reaches(one=0.1)
    @given(st.booleans())
    def wrong(_: bool) -> None:
        reach("other")

    loud()
    with pytest.raises(KeyError, match="other is not declared"):
        wrong()
