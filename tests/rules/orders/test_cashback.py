"""Cashback is a share of what still counts of an order, and paying it out conserves money."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.actions.orders.order_news import OrderNews
from plugin.rules.orders import basis, cashback
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.orders.settle import Posted, settle
from plugin.rules.programme import Basis, Programme
from plugin.rules.rewards import credits
from plugin.rules.rewards.credits import Mark, Transaction
from plugin.rules.types import Buyer, Line, OrderView, Refund, RefundLine
from tests.reached import reach, reaches
from tests.rules.orders.test_settle_properties import shuffled_histories, stored_after

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def programme(**rules: object) -> Programme:
    return Programme(cashback=Cashback(**{"enabled": True, "percent": Decimal(5), **rules}))  # type: ignore[arg-type]


def view(amount_minor: int, currency: str = "USD", **changes: object) -> OrderView:
    line = Line(1, "Thing", 1, 1, amount_minor)
    made = OrderView(1, "#1001", AT, AT, AT, currency, "paid", Buyer(7), (line,), total_minor=amount_minor)
    return replace(made, **changes)  # type: ignore[arg-type]


def due(order: OrderView, rules: Programme) -> int:
    return cashback.due(order, rules, {}, None).amount_minor


@pytest.mark.parametrize(
    ("amount", "currency", "percent", "expected"),
    [
        (4995, "USD", "5", 249),
        (1999, "JPY", "5", 99),
        (1234, "KWD", "2.5", 30),
        (1, "USD", "100", 1),
        (19, "USD", "5", 0),
    ],
)
def test_it_is_rounded_down_once_to_the_currencys_minor_unit(
    amount: int, currency: str, percent: str, expected: int
) -> None:
    assert due(view(amount, currency), programme(percent=Decimal(percent))) == expected


def test_a_refund_takes_its_share_and_a_refund_of_all_takes_everything() -> None:
    part = (Refund(1, (RefundLine(1, 0, 7500),)),)
    assert due(view(10000, refunds=part), programme()) == 125
    assert due(view(10000, refunds=part, financial_status="refunded"), programme()) == 0
    assert due(view(10000, cancelled_at=AT), programme()) == 0


@pytest.mark.parametrize(("status", "expected"), [("paid", 50), ("pending", 0), ("authorized", 0), ("voided", 0)])
def test_only_what_is_paid_counts(status: str, expected: int) -> None:
    assert due(view(1000, financial_status=status), programme()) == expected


def test_the_least_order_and_the_most_that_one_brings() -> None:
    rules = programme(minimum_order=Decimal(20), maximum=Decimal("1.5"))
    assert [due(view(amount), rules) for amount in (1999, 2000, 3000, 9000)] == [0, 100, 150, 150]
    why = cashback.due(view(9000), rules, {}, None).reasons[0]
    assert (why.code, why.values["credit_minor"]) == ("cashback_capped", 150)


def test_switched_off_it_brings_nothing_and_says_so() -> None:
    assert cashback.due(view(1000), Programme(), {}, None).reasons[0].code == "cashback_off"


def test_what_was_paid_by_store_credit_can_be_left_out() -> None:
    paid = view(1000, tenders_minor={"shopify_store_credit": 400, "visa": 600})
    rules = programme().model_copy(update={"basis": Basis(paid_by_store_credit=False)})
    assert due(paid, rules) == 30


@pytest.mark.parametrize("bad", [{"percent": 0}, {"percent": 101}, {"after_days": -1}, {"maximum": -1}, {"x": 1}])
def test_rules_that_make_no_sense_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Cashback(**bad)  # type: ignore[arg-type]


@reaches(due=0.3, in_part=0.1)
@settings(deadline=None)
@given(shuffled_histories(), st.decimals(min_value=1, max_value=100, places=2))
def test_it_does_not_matter_when_what_was_heard_and_it_is_never_more_than_its_share(
    told: tuple[list[OrderNews], list[OrderNews]], percent: Decimal
) -> None:
    rules = programme(percent=percent)
    ends = [stored_after(facts).effective for facts in told]
    sums = {due(end, rules) if end else 0 for end in ends}
    assert len(sums) == 1
    if end := ends[0]:
        kept = sum(row.kept_minor for row in basis.weigh(end, rules.basis, {}).rows)
        amount = sums.pop()
        if amount:
            reach("due")
            assert amount <= Fraction(kept) * Fraction(percent) / 100 < amount + 1
        if 0 < kept < sum(row.original_minor for row in basis.weigh(end, rules.basis, {}).rows):
            reach("in_part")


@reaches(owed=0.2, debited=0.3)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 300)), min_size=1, max_size=12))
def test_paying_out_conserves_money_whatever_is_spent_meanwhile(steps: list[tuple[int, int]]) -> None:
    """Each step: what the order deserves now, and what the member spends before it is carried out."""
    posted, moved, spent_in_all, balance = 0, 0, 0, 0
    for target, spend in steps:
        spent = min(spend, balance)
        balance, spent_in_all = balance - spent, spent_in_all + spent
        for posting in settle(target, 7, {7: Posted(posted)}):
            owed = moved - posted
            if posting.points > 0:
                step = credits.to_credit(posting.points, owed)
            else:
                reach("debited")
                step = -(credits.to_debit(-posting.points, balance, in_full=False) or 0)
            posted, moved, balance = posted + posting.points, moved + step, balance + step
        if moved > posted:
            reach("owed")
        assert posted == target
        assert balance >= 0 and balance == moved - spent_in_all
        assert 0 <= moved - posted <= spent_in_all, "owed is only what was spent"


@given(st.permutations([0, 500, 120, 380]))
def test_the_way_does_not_matter_only_the_end(targets: list[int]) -> None:
    posted = 0
    for target in [*targets, 250]:
        posted += sum(one.points for one in settle(target, 7, {7: Posted(posted)}))
    assert posted == 250


def transaction(name: str, minor: int, seconds: int, event: str = "ADJUSTMENT") -> Transaction:
    return Transaction(name, minor, AT + timedelta(seconds=seconds), event)


def test_ours_is_the_oldest_that_it_can_be() -> None:
    account = [
        transaction("e", 500, 9), transaction("d", 500, 8), transaction("c", 500, 7, "ORDER_REFUND"),
        transaction("b", -500, 6), transaction("a", 500, 5), transaction("old", 500, 1),
    ]  # fmt: skip
    before = credits.mark(account[-1:])
    assert before == Mark("old", AT + timedelta(seconds=1))
    assert [
        getattr(credits.ours(account, 500, before, claimed), "id", None) for claimed in (set(), {"a"}, {"a", "d", "e"})
    ] == ["a", "d", None]
    assert getattr(credits.ours(account, -500, before, set()), "id", None) == "b"
    assert credits.ours(account, 400, before, set()) is None
    assert getattr(credits.ours(account, 500, Mark(), set()), "id", None) == "old"


def test_a_debit_that_must_be_whole_is_refused_when_it_is_not_there() -> None:
    assert [credits.to_debit(5, balance, in_full=True) for balance in (4, 5, 6)] == [None, 5, 5]
    assert [credits.to_debit(5, balance, in_full=False) for balance in (-1, 0, 4, 6)] == [0, 0, 4, 5]
