"""Which money went back and by which tender it came; refunds that are heard of alone; and what is said of all that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from plugin.rules.programme import Basis
from plugin.rules.types import Abroad, Moved, OrderView, Reason, Refund, RefundedShipping, RefundLine
from plugin.rules.worth import adjustment_reasons, tenders
from plugin.rules.worth.known_refunds import newer_of, unclear, with_refunds
from plugin.rules.worth.money_back import all_named, money_back, named, on_its_way
from plugin.rules.worth.worth import Steps
from plugin.rules.worth.worth_reasons import reasons
from tests.rules.generated import line, view

MUG = line(1, 1000, 4, discount_minor=400, tax_minor=360)
ROW = RefundLine(1, 1, 900, 90)
ORDER = view(MUG)


def refund(number: int = 1, *rows: RefundLine, **more: Any) -> Refund:
    return Refund(number, rows, **more)


def moved(*money: tuple[str, int]) -> tuple[Moved, ...]:
    return tuple(Moved("visa", currency, minor) for currency, minor in money)


def back(*refunds: Refund, **more: Any) -> object:
    return money_back(view(MUG, refunds=refunds, **more))


class TestTheMoneyThatWentBack:
    def test_none_did_where_nothing_was_refunded(self) -> None:
        assert (back(), all_named(ORDER), on_its_way(ORDER)) == (0, 0, False)

    def test_it_adds_up_over_refunds_and_is_never_below_nothing(self) -> None:
        assert back(refund(1, ROW), refund(2, ROW)) == 1980
        assert back(refund(1, discrepancy_minor=500), refund(2, ROW)) == 490
        assert back(refund(1, discrepancy_minor=500)) == 0

    @pytest.mark.parametrize(
        ("rows", "cents", "expected"),
        [(1, 0, 500), (1, 1, 501), (1, 2, 501), (1, -1, 499), (1, -2, 499), (2, 2, 502), (2, 3, 502), (2, -2, 498),
         (2, -3, 498), (0, 5, 500), (0, -5, 500)],
    )  # fmt: skip
    def test_a_cent_for_each_line_balances_a_return(self, rows: int, cents: int, expected: int) -> None:
        assert back(refund(1, *[ROW] * rows, balancing_minor=cents, moved=moved(("USD", 500)))) == expected

    def test_cents_are_counted_over_all_refunds(self) -> None:
        one = refund(1, ROW, balancing_minor=1, moved=moved(("USD", 500)))
        assert back(one, replace(one, id=2, balancing_minor=2)) == 1002

    def test_a_refund_without_payments_moved_what_it_names_less_its_discrepancy(self) -> None:
        assert back(refund(1, ROW)) == 990
        assert back(refund(1, ROW, discrepancy_minor=90)) == 900
        assert back(refund(1, ROW, discrepancy_minor=-10)) == 1000
        assert back(refund(1, ROW, discrepancy_minor=90, balancing_minor=1)) == 900
        assert back(refund(1, ROW, moved=())) == 0
        assert back(refund(1, ROW, moved=(), discrepancy_minor=90)) == 900
        assert back(refund(1, ROW, pending=True)) == 0
        assert back(refund(1, ROW, discrepancy_minor=90, pending=True)) == 0

    def test_the_currency_of_a_refund_that_says_none_is_the_orders(self) -> None:
        assert back(refund(1, ROW, moved=moved(("USD", 500)))) == 500
        assert back(refund(1, ROW, moved=moved(("EUR", 1980))), rate=(1, 2)) == 990
        assert back(refund(1, ROW, moved=moved(("EUR", 500)), currency="EUR"), rate=(1, 2)) == 500

    @pytest.mark.parametrize(
        ("abroad", "more", "rate", "expected"),
        [
            (1980, {}, None, 990),
            (1980, {"discrepancy_minor": 40}, None, 950),
            (1980, {"discrepancy_minor": 5000}, None, 0),
            (1980, {"balancing_minor": 1}, None, 990),
            (1980, {}, (1, 2), 990),
            (1981, {}, (1, 2), Fraction(1981, 2)),
            (1981, {"abroad": Abroad("EUR", 1800, 180)}, (1, 2), 990 + Fraction(1, 2)),
            (1980, {"abroad": Abroad("EUR", 1800, 180)}, (1, 3), 990),
            (1960, {"abroad": Abroad("EUR", 1800, 180, 20), "discrepancy_minor": 11}, (1, 3), 979),
            (1960, {"abroad": Abroad("EUR", 1800, 180), "discrepancy_minor": 11}, (1, 4), 985),
            (0, {"abroad": Abroad("EUR", 1800, 180)}, (1, 2), 0),
            (1, {"abroad": Abroad("EUR", 3800, 180)}, (1, 2), 0),
        ],
    )
    def test_money_in_the_buyers_currency(
        self, abroad: int, more: dict[str, Any], rate: tuple[int, int] | None, expected: object
    ) -> None:
        one = refund(1, ROW, currency="USD", moved=moved(("EUR", abroad)), **more)
        assert back(one, rate=rate) == expected

    def test_a_refund_that_moved_less_than_nothing_moved_nothing(self) -> None:
        """Beside one that did."""
        other = refund(2, ROW)
        assert back(refund(1, ROW, moved=()), other) == 990
        abroad = refund(1, ROW, currency="USD", moved=moved(("EUR", 1)), discrepancy_minor=5000)
        assert back(abroad, other) == 990
        named_more = replace(abroad, discrepancy_minor=None, abroad=Abroad("EUR", 3800, 180))
        assert back(named_more, other, rate=(1, 2)) == 990
        assert back(replace(named_more, abroad=Abroad("EUR", 100)), other, rate=(2, 3)) == 990 + 990 - 66

    def test_money_of_both_kinds_goes_by_the_rate(self) -> None:
        named_there = refund(1, ROW, currency="USD", moved=moved(("EUR", 1980), ("USD", 7)))
        assert back(replace(named_there, abroad=Abroad("EUR", 1800, 180)), rate=(2, 3)) == 1327
        one = refund(1, ROW, currency="USD", moved=moved(("EUR", 200), ("USD", 7)), abroad=Abroad("EUR", 1800, 180))
        assert back(one, rate=(1, 2)) == 107
        assert back(replace(one, moved=moved(("EUR", 100), ("EUR", 100), ("USD", 7))), rate=(1, 2)) == 107

    def test_with_taxes_included_a_refund_names_its_tax_once(self) -> None:
        full = refund(1, ROW, shipping=(RefundedShipping(0, 200, 20),), duties_minor=30)
        assert all_named(view(MUG, refunds=(full, full))) == 2 * (990 + 220 + 30)
        assert all_named(view(MUG, refunds=(full,), taxes_included=True)) == 900 + 200 + 30
        stranger = refund(1, RefundLine(9, 1, 700, 70), ROW)
        assert named(ORDER, stranger, {1: MUG}) == 770 + 990
        assert named(replace(ORDER, taxes_included=True), stranger, {1: MUG}) == 700 + 900
        silent = refund(1, RefundLine(1, 2, None))
        assert named(ORDER, silent, {1: MUG}) == 1800 + 180

    def test_a_refund_abroad_names_its_tax_once_too(self) -> None:
        one = refund(1, ROW, currency="USD", moved=moved(("EUR", 1800)), abroad=Abroad("EUR", 1800, 180))
        assert back(one, rate=(1, 4), taxes_included=True) == 900
        assert back(one, rate=(1, 4)) == 990 - 45

    def test_it_is_on_its_way_while_any_refund_is_pending(self) -> None:
        assert on_its_way(view(MUG, refunds=(refund(1), refund(2, pending=True))))
        assert not on_its_way(view(MUG, refunds=(refund(1), refund(2))))


NO_GIFT_CARDS = Basis(paid_by_gift_card=False)
NEITHER = Basis(paid_by_gift_card=False, paid_by_store_credit=False)


def share(tender: dict[str, int] | None, *back: Moved, basis: Basis = NO_GIFT_CARDS, **more: Any) -> object:
    refunds = (refund(1, moved=back, currency=more.pop("currency", "USD")),) if back else ()
    return tenders.counted_share(view(MUG, tenders_minor=tender, refunds=refunds, **more), basis)


HALF = {"gift_card": 500, "visa": 500}


class TestTheTender:
    @pytest.mark.parametrize(
        ("tender", "basis", "expected"),
        [
            (None, NO_GIFT_CARDS, 1), ({}, NO_GIFT_CARDS, 1), (HALF, Basis(), 1), (HALF, NO_GIFT_CARDS, Fraction(1, 2)),
            (HALF, Basis(paid_by_store_credit=False), 1), ({"visa": 500}, NO_GIFT_CARDS, 1),
            ({"gift_card": 500}, NO_GIFT_CARDS, 0), ({"gift_card": 1, "shopify_store_credit": 1, "visa": 2}, NEITHER,
            Fraction(1, 2)), ({"visa": 0, "gift_card": 0}, NO_GIFT_CARDS, 1),
            ({"visa": -100, "gift_card": 100}, NO_GIFT_CARDS, 0), ({"visa": 100, "gift_card": -50}, NO_GIFT_CARDS, 1),
        ],
    )  # fmt: skip
    def test_the_part_that_counts(self, tender: dict[str, int] | None, basis: Basis, expected: object) -> None:
        assert share(tender, basis=basis) == expected
        assert type(share(tender, basis=Basis())) is int  # nothing was divided

    @pytest.mark.parametrize(
        ("back", "expected"),
        [
            ((Moved("visa", "USD", 250),), Fraction(1, 3)),
            ((Moved("visa", "", 250),), Fraction(1, 3)),
            ((Moved("gift_card", "USD", 250),), Fraction(2, 3)),
            ((Moved("visa", "USD", 250), Moved("visa", "USD", 125)), Fraction(1, 5)),
            # to one that is not known: of each its share
            ((Moved("cash", "USD", 400),), Fraction(1, 2)),
            ((Moved("cash", "USD", 400), Moved("visa", "USD", 250)), Fraction(1, 3)),
            # more than came in by it: the rest is of the others
            ((Moved("visa", "USD", 600),), 0),
            # when nothing is left, by what came in
            ((Moved("cash", "USD", 1000),), Fraction(1, 2)),
            ((Moved("cash", "USD", 2000),), Fraction(1, 2)),
            ((Moved("visa", "USD", 500), Moved("gift_card", "USD", 500)), Fraction(1, 2)),
            ((Moved("visa", "USD", 600), Moved("gift_card", "USD", 400)), Fraction(1, 2)),
            # by the rate of the order
            ((Moved("visa", "EUR", 500),), Fraction(1, 3)),
        ],
    )
    def test_what_went_back_is_no_part_of_what_the_shop_has(self, back: tuple[Moved, ...], expected: object) -> None:
        assert share(HALF, *back, rate=(1, 2)) == expected

    def test_without_a_rate_money_abroad_is_left_aside(self) -> None:
        assert share(HALF, Moved("visa", "EUR", 500)) == Fraction(1, 2)
        assert share(HALF, Moved("visa", "USD", 250), currency="") == Fraction(1, 3)
        assert share(HALF, Moved("visa", "USD", 250), currency="EUR", rate=(1, 2)) == Fraction(3, 7)

    def test_how_much_came_by_tender_that_does_not_count(self) -> None:
        paid = replace(ORDER, tenders_minor={"gift_card": 300, "shopify_store_credit": 20, "visa": 5})
        bases = (Basis(), NO_GIFT_CARDS, Basis(paid_by_store_credit=False), NEITHER)
        assert [tenders.uncounted_tender_minor(paid, basis) for basis in bases] == [0, 300, 20, 320]
        assert tenders.uncounted_tender_minor(ORDER, NEITHER) == 0

    @pytest.mark.parametrize(
        ("gateways", "known", "needed"),
        [
            ((), None, [False, False, False, False]), (("visa",), None, [False, False, False, False]),
            (("visa", "gift_card"), None, [False, True, False, True]),
            (("shopify_store_credit",), None, [False, False, True, True]),
            (("gift_card", "shopify_store_credit"), {}, [False, False, False, False]),
        ],
    )  # fmt: skip
    def test_amounts_are_asked_for_only_where_they_decide(
        self, gateways: tuple[str, ...], known: dict[str, int] | None, needed: list[bool]
    ) -> None:
        order = replace(ORDER, gateways=gateways, tenders_minor=known)
        bases = (Basis(), NO_GIFT_CARDS, Basis(paid_by_store_credit=False), NEITHER)
        assert [tenders.tenders_needed(order, basis) for basis in bases] == needed


class TestRefundsThatAreHeardOfAlone:
    KNOWN = view(MUG, refunds=(refund(4, ROW, currency="USD"),))

    def extra(self, order: OrderView, *alone: Refund) -> list[int]:
        return [one.id for one in with_refunds(order, {one.id: one for one in alone}).refunds]

    def test_those_that_the_order_has_not_are_added_by_their_numbers(self) -> None:
        one, two = refund(5, ROW), refund(6, ROW)
        assert with_refunds(self.KNOWN, {}) is self.KNOWN
        assert with_refunds(self.KNOWN, {4: refund(4)}) is self.KNOWN
        assert self.extra(self.KNOWN, two, one, refund(4)) == [4, 5, 6]
        assert with_refunds(self.KNOWN, {5: one}).refunds[1] is one

    @pytest.mark.parametrize(
        ("one", "waits"),
        [
            (refund(5, ROW), False), (refund(5), False), (refund(5, ROW, currency="EUR"), True),
            (refund(5, currency="EUR"), True), (refund(5, RefundLine(9, 1, 100)), True),
            (refund(5, ROW, RefundLine(9, 1, 100)), True), (refund(4, RefundLine(9, 1, 100)), False),
        ],
    )  # fmt: skip
    def test_what_only_the_order_can_tell_waits_for_it(self, one: Refund, waits: bool) -> None:
        assert unclear(self.KNOWN, {one.id: one}) == ({one.id} if waits else set())
        assert self.extra(self.KNOWN, one) == ([4] if waits or one.id == 4 else [4, 5])

    def test_what_an_edit_may_have_taken_already_waits(self) -> None:
        edited = view(replace(MUG, current_quantity=3), line(2, 100))
        assert unclear(edited, {5: refund(5, ROW)}) == {5}
        assert unclear(edited, {5: refund(5, RefundLine(2, 1, 100))}) == set()
        told = replace(edited, refunds=(refund(4, ROW),))  # the one that is missing came back by this one
        assert unclear(told, {5: refund(5, ROW)}) == set()

    def test_of_two_tellings_the_one_in_which_more_has_happened_counts(self) -> None:
        early = refund(5, ROW, pending=True)
        arrived = refund(5, ROW, moved=moved(("USD", 500)))
        more = refund(5, ROW, moved=moved(("USD", 500), ("USD", 490)))
        for one, other, newer in ((early, arrived, arrived), (arrived, more, more), (early, more, more)):
            assert newer_of(one, other) is newer_of(other, one) is newer
        assert newer_of(None, early) is early
        waiting = replace(more, pending=True)
        assert newer_of(waiting, arrived) is newer_of(arrived, waiting) is arrived
        a, b = refund(5, ROW, duties_minor=1), refund(5, ROW, duties_minor=2)
        assert newer_of(a, b) is newer_of(b, a) is b
        unsaid, none = refund(5, ROW), refund(5, ROW, moved=moved(("USD", 1)))
        assert newer_of(unsaid, none) is none


NOTHING = Steps(0, 0, 0, 0, on_its_way=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"left_minor": 500}, [("left", {"gone_minor": 500, "currency": "USD"})]),
        ({"left_minor": 500, "same_money_minor": 400},
         [("left_and_back", {"gone_minor": 500, "same_minor": 400, "currency": "USD"})]),
        ({"same_money_minor": 400}, []),
        ({"left_minor": Fraction(1, 3), "same_money_minor": Fraction(1, 3)}, []),
        ({"left_minor": 500, "same_money_minor": Fraction(1, 3)}, [("left", {"gone_minor": 500, "currency": "USD"})]),
        ({"beyond_minor": Fraction(201, 2)}, [("back_beyond", {"beyond_minor": 100, "currency": "USD"})]),
        ({"open_minor": 30}, [("still_open", {"open_minor": 30, "currency": "USD"})]),
        ({"on_its_way": True}, [("on_its_way_back", {})]),
        ({"left_minor": 5, "beyond_minor": 6, "open_minor": 7, "on_its_way": True},
         [("left", {"gone_minor": 5, "currency": "USD"}), ("back_beyond", {"beyond_minor": 6, "currency": "USD"}),
          ("still_open", {"open_minor": 7, "currency": "USD"}), ("on_its_way_back", {})]),
    ],
)  # fmt: skip
def test_each_step_that_changed_something_is_told(changes: dict[str, Any], told: list[tuple[str, object]]) -> None:
    assert reasons(replace(NOTHING, **changes), "USD") == tuple(Reason(code, values) for code, values in told)  # type: ignore[arg-type]
    assert reasons(None, "USD") == ()


@pytest.mark.parametrize(
    ("said", "reason", "known"),
    [
        ("Refund discrepancy", "refund discrepancy", True), ("REFUND_DISCREPANCY", "refund discrepancy", True),
        (" Pending_Refund Discrepancy ", "pending refund discrepancy", True),
        ("FULL_RETURN_BALANCING_ADJUSTMENT", "full return balancing adjustment", True),
        ("Shipping refund", "shipping refund", True), ("Goodwill", "goodwill", False), (None, "", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_shopifys_reasons_are_known_in_both_spellings(said: object, reason: str, known: bool) -> None:
    assert (adjustment_reasons.reason_of(said), adjustment_reasons.known_reason(said)) == (reason, known)
