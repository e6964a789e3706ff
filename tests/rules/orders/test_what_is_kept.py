"""What is kept of each part of an order, and which money really went back: one fact at a time."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from plugin.rules.programme import Basis
from plugin.rules.types import Abroad, Buyer, Moved, OrderView, Refund, RefundedShipping, RefundLine
from plugin.rules.worth import first_reading, kept, known_refunds, paid
from plugin.rules.worth.kept import bought_net, bought_units, edited_away, kept_tip, nowhere, parts, tax_of, worth_of
from plugin.rules.worth.money_back import money_back, named
from plugin.rules.worth.tenders import counted_share
from tests.rules.generated import PLACED, line, view

MUG = line(1, 1000, 4, discount_minor=400, tax_minor=360)
"""Four at 10.00, 4.00 off: 36.00, and 3.60 of tax."""


def refunded(*rows: RefundLine, **more: Any) -> Refund:
    return Refund(1, rows, **more)


@pytest.mark.parametrize(
    ("changes", "rows", "included", "expected"),
    [
        ({}, (), False, (3960, 3960, 1, 4)),
        ({}, (), True, (3600, 3600, 1, 4)),
        # one came back for what it was worth, with its tax
        ({"current_quantity": 3}, (RefundLine(1, 1, 900, 90),), False, (3960, 2970, Fraction(3, 4), 3)),
        ({"current_quantity": 3}, (RefundLine(1, 1, 900, 90),), True, (3600, 2700, Fraction(3, 4), 3)),
        # for less than it was worth: what is left is worth no more than its units
        ({"current_quantity": 3}, (RefundLine(1, 1, 500, 50),), False, (3960, 2700 + 310, Fraction(3, 4), 3)),
        # for more: the rest of the money is gone as well
        ({"current_quantity": 3}, (RefundLine(1, 1, 1800, 180),), False, (3960, 1980, Fraction(1, 2), 3)),
        # without saying for how much: by its units
        ({"current_quantity": 2}, (RefundLine(1, 2, None),), False, (3960, 1980, Fraction(1, 2), 2)),
        # one was edited away, and one came back
        ({"current_quantity": 2}, (RefundLine(1, 1, 900, 90),), False, (3960, 1980, Fraction(1, 2), 2)),
        ({"current_quantity": 3}, (), False, (3960, 2970, Fraction(3, 4), 3)),
        # everything is gone
        ({"current_quantity": 0}, (RefundLine(1, 4, 3600, 360),), False, (3960, 0, 0, 0)),
        ({"current_quantity": 0}, (), False, (3960, 0, 0, 0)),
        ({"current_quantity": 4}, (RefundLine(1, 4, 3600, 360),), False, (3960, 0, 0, 0)),
        ({"current_quantity": 4}, (RefundLine(1, 5, 3600, 360),), False, (3960, 0, 0, 0)),
        # more was added than there was at first
        ({"current_quantity": 5}, (), False, (4960, 4960, 1, 5)),
        # it cost nothing: its units decide
        ({"current_quantity": 3, "discount_minor": 4000, "tax_minor": 0}, (RefundLine(1, 1, 0),), False,
         (0, 0, Fraction(3, 4), 3)),
        ({"current_quantity": 3, "tax_minor": -5}, (RefundLine(1, 1, 900),), False, (3600, 2700, Fraction(3, 4), 3)),
    ],
)  # fmt: skip
def test_what_is_kept_of_a_line(
    changes: dict[str, Any], rows: tuple[RefundLine, ...], included: bool, expected: tuple[object, ...]
) -> None:
    order = view(replace(MUG, **changes), refunds=(refunded(*rows),) if rows else (), taxes_included=included)
    [part] = parts(order)
    assert (part.whole_minor, part.kept_minor, part.share, part.held) == expected


def test_what_a_row_of_a_refund_is_worth_where_it_does_not_say() -> None:
    assert [worth_of(MUG, RefundLine(1, 1, said)) for said in (0, 700, None)] == [0, 700, 900]
    assert [tax_of(MUG, RefundLine(1, 1, None, said)) for said in (0, 50, None)] == [0, 50, 90]
    free = replace(MUG, discount_minor=5000)
    assert (bought_net(free), tax_of(free, RefundLine(1, 1, 100))) == (0, 0)
    assert worth_of(replace(MUG, quantity=0, current_quantity=0), RefundLine(1, 1, None)) == 0
    assert bought_units(replace(MUG, current_quantity=6)) == 6
    assert [edited_away(replace(MUG, current_quantity=left), [RefundLine(1, 1, 0)]) for left in (4, 3, 1)] == [0, 0, 2]


def test_a_row_of_a_line_that_is_not_there_is_worth_what_it_says() -> None:
    row = RefundLine(9, 1, 500, 50)
    assert [nowhere(view(MUG, taxes_included=said), row) for said in (False, True)] == [550, 500]
    assert nowhere(view(MUG), RefundLine(9, 1, None, None)) == 0
    tipped = view(MUG, tip_minor=800)
    assert kept_tip(tipped) == 800
    assert kept_tip(replace(tipped, refunds=(refunded(row),))) == 250
    assert kept_tip(replace(tipped, refunds=(refunded(row, row),))) == 0
    assert kept_tip(replace(tipped, refunds=(refunded(RefundLine(1, 1, 900)),))) == 800
    assert kept_tip(view(MUG, refunds=(refunded(row),))) == 0


def test_duties_are_kept_less_what_was_refunded_and_what_an_edit_took_off() -> None:
    def duties(now: int | None, back: int) -> tuple[object, ...]:
        order = view(MUG, duties_minor=1000, duties_now_minor=now, refunds=(Refund(1, duties_minor=back),))
        part = next(one for one in parts(order) if one.id == kept.DUTIES)
        return part.whole_minor, part.kept_minor, part.share

    assert [duties(None, 0), duties(None, 300), duties(400, 300), duties(400, 700), duties(2000, 0), duties(None,
    2000)] == [
        (1000, 1000, 1), (1000, 700, Fraction(7, 10)), (1000, 400, Fraction(2, 5)), (1000, 300, Fraction(3, 10)),
        (1000, 1000, 1), (1000, 0, 0),
    ]  # fmt: skip


ROW = RefundLine(1, 1, 900, 90)


@pytest.mark.parametrize(
    ("refund", "expected"),
    [
        (refunded(ROW), 990),
        (refunded(ROW, shipping=(RefundedShipping(0, 200, 20),), duties_minor=30), 1240),
        (refunded(ROW, discrepancy_minor=-100), 1090),
        (refunded(ROW, discrepancy_minor=100), 890),
        (refunded(ROW, moved=()), 0),
        (refunded(ROW, moved=(), discrepancy_minor=100), 890),
        (refunded(ROW, moved=(), pending=True), 0),
        (refunded(ROW, moved=(Moved("visa", "USD", 500), Moved("gift_card", "USD", 300))), 800),
        (refunded(ROW, moved=(Moved("visa", "USD", 500),), pending=True), 500),
        (refunded(RefundLine(9, 1, 700, 70)), 770),
        # one cent for a full return: counted as said, but for one cent for each line
        (refunded(ROW, balancing_minor=1, moved=(Moved("visa", "USD", 990),)), 991),
        (refunded(ROW, balancing_minor=5, moved=(Moved("visa", "USD", 990),)), 991),
        (refunded(ROW, balancing_minor=-5, moved=(Moved("visa", "USD", 990),)), 989),
        (refunded(ROW, discrepancy_minor=5000), 0),
    ],
)
def test_the_money_that_went_back(refund: Refund, expected: int) -> None:
    assert money_back(view(MUG, refunds=(refund,))) == expected


EUROS = (Moved("visa", "EUR", 1980),)


@pytest.mark.parametrize(
    ("changes", "rate", "expected"),
    [
        # the refund names the same amount there: exactly what it names here
        ({"moved": EUROS, "abroad": Abroad("EUR", 1800, 180)}, (3960, 7920), 990),
        ({"moved": EUROS, "abroad": Abroad("EUR", 1800, 180)}, None, 990),
        # the cent that balances a return is no money, in whichever currency
        ({"moved": EUROS, "abroad": Abroad("EUR", 1800, 180), "balancing_minor": 1}, None, 990),
        # 2.00 euros more than it names there are 1.00 here
        ({"moved": (Moved("visa", "EUR", 2180),), "abroad": Abroad("EUR", 1800, 180)}, (3960, 7920), 1090),
        ({"moved": (Moved("visa", "EUR", 100),), "abroad": Abroad("EUR", 1800, 180)}, (3960, 7920), 50),
        # its discrepancy there and here
        ({"moved": (Moved("visa", "EUR", 2180),), "abroad": Abroad("EUR", 1800, 180, -200), "discrepancy_minor": -101},
         (3960, 7920), 1091),
        # nothing is named there, or a part of it was paid in the shop's own: by the rate
        ({"moved": EUROS}, (3960, 7921), Fraction(1980 * 3960, 7921)),
        ({"moved": (*EUROS, Moved("gift_card", "USD", 7)), "abroad": Abroad("EUR", 1800, 180)}, (3960, 7921),
         7 + Fraction(1980 * 3960, 7921)),
    ],
)  # fmt: skip
def test_money_in_the_buyers_currency_is_what_is_named_or_by_the_orders_rate(
    changes: dict[str, Any], rate: tuple[int, int] | None, expected: object
) -> None:
    assert money_back(view(MUG, rate=rate, refunds=(refunded(ROW, currency="USD", **changes),))) == expected


def test_with_taxes_included_the_tax_of_a_line_is_named_once() -> None:
    lines = {1: MUG}
    assert [named(view(MUG, taxes_included=said), refunded(ROW), lines) for said in (False, True)] == [990, 900]
    theirs = Abroad("EUR", 1800, 180)
    order = view(MUG, taxes_included=True, rate=(3600, 7200))
    same = refunded(ROW, currency="USD", moved=(Moved("visa", "EUR", 1800),), abroad=theirs)
    assert money_back(replace(order, refunds=(same,))) == 900


@pytest.mark.parametrize(
    ("refund", "expected"),
    [
        (Refund(1, discrepancy_minor=-300), 300),
        (Refund(1, discrepancy_minor=300, moved=(Moved("visa", "USD", 500),)), 0),
        (Refund(1), 0),
        (Refund(1, moved=()), 0),
        (Refund(1, (ROW,), moved=(Moved("visa", "USD", 500),)), 0),
        (Refund(1, moved=(Moved("visa", "USD", 500), Moved("visa", "EUR", 70)), currency="USD"), 500),
        (Refund(1, shipping=(RefundedShipping(0, 200, 20),), duties_minor=30, currency="USD",
                moved=(Moved("visa", "USD", 500),)), 250),
        (Refund(1, duties_minor=900, currency="USD", moved=(Moved("visa", "USD", 500),)), 0),
    ],
)  # fmt: skip
def test_what_the_first_reading_took_as_given_back_beyond_lines(refund: Refund, expected: int) -> None:
    assert first_reading.beyond_lines(refund) == expected


@pytest.mark.parametrize(
    ("changes", "proved"),
    [
        ({}, True), ({"buyer": Buyer(None, "ana@example.com")}, False), ({"buyer": Buyer(7)}, False),
        ({"test": True}, False), ({"cancelled_at": PLACED}, False), ({"total_minor": 0}, False), ({"total_minor": 1},
        True),
        ({"financial_status": "pending"}, False), ({"financial_status": "partially_refunded"}, True),
        ({"financial_status": "refunded"}, False),
    ],
)  # fmt: skip
def test_whoever_paid_under_an_address_has_proved_it(changes: dict[str, Any], proved: bool) -> None:
    order: OrderView = view(MUG, **changes)
    assert paid.buyer_behind(order) == replace(order.buyer, verified=proved)


@pytest.mark.parametrize(
    ("status", "was", "is_now"),
    [("paid", True, True), ("partially_refunded", True, True), ("refunded", True, False), ("pending", False, False)]
    + [("partially_paid", False, False), ("authorized", False, False), ("voided", False, False)],
)
def test_whether_an_order_is_paid_and_whether_it_ever_was(status: str, was: bool, is_now: bool) -> None:
    order = view(MUG, financial_status=status)
    assert (paid.was_paid(order), paid.is_paid(order)) == (was, is_now)


@pytest.mark.parametrize(
    ("refund", "unsure"),
    [
        (Refund(5, (ROW,), currency="USD"), False), (Refund(5, (ROW,)), False), (Refund(5, (ROW,), currency="EUR"),
        True),
        (Refund(5, (RefundLine(9, 1, 100),), currency="USD"), True), (Refund(4, (ROW,), currency="EUR"), False),
    ],
)  # fmt: skip
def test_a_refund_that_came_alone_is_unclear_where_only_the_order_can_tell(refund: Refund, unsure: bool) -> None:
    """One that the order has already (number 4) is never asked about."""
    order = view(MUG, refunds=(Refund(4, (ROW,), currency="USD"),))
    assert known_refunds.unclear(order, {refund.id: refund}) == (frozenset({refund.id}) if unsure else frozenset())


@pytest.mark.parametrize(
    ("tenders", "refunds", "left_out", "share"),
    [
        ({"gift_card": 400, "visa": 600}, (), ["paid_by_gift_card"], Fraction(3, 5)),
        ({"gift_card": 400, "visa": 600}, (), [], 1),
        ({"gift_card": 400, "visa": 600}, (), ["paid_by_store_credit"], 1),
        ({}, (), ["paid_by_gift_card"], 1),
        ({"gift_card": 400, "shopify_store_credit": 400, "visa": 200}, (), ["paid_by_gift_card",
        "paid_by_store_credit"],
         Fraction(1, 5)),
        # what went back to the card is no part of what the shop still has
        ({"gift_card": 400, "visa": 600}, (Moved("visa", "USD", 200),), ["paid_by_gift_card"], Fraction(1, 2)),
        ({"gift_card": 400, "visa": 600}, (Moved("gift_card", "USD", 400),), ["paid_by_gift_card"], 1),
        # to a gateway that is not known: of each its share
        ({"gift_card": 400, "visa": 600}, (Moved("cash", "USD", 500),), ["paid_by_gift_card"], Fraction(3, 5)),
        # more than came in by it: the rest is of each
        ({"gift_card": 400, "visa": 600}, (Moved("visa", "USD", 700),), ["paid_by_gift_card"], 0),
        ({"gift_card": 400, "visa": 600}, (Moved("visa", "USD", 1000),), ["paid_by_gift_card"], Fraction(3, 5)),
        ({"gift_card": 400, "visa": 600}, (Moved("visa", "EUR", 400),), ["paid_by_gift_card"], Fraction(1, 2)),
    ],
)  # fmt: skip
def test_the_share_of_what_was_paid_by_tender_that_counts(
    tenders: dict[str, int], refunds: tuple[Moved, ...], left_out: list[str], share: object
) -> None:
    basis = Basis(**dict.fromkeys(left_out, False))  # type: ignore[arg-type]
    back = (Refund(1, moved=refunds, currency="USD"),) if refunds else ()
    assert counted_share(view(MUG, tenders_minor=tenders, rate=(1, 2), refunds=back), basis) == share
