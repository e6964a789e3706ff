"""What reports know of an order, from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugin.rules.retention.counted_by import COUNTED_BY, UNDER_WAY, CountedBy, Rebuild, counted_by, under_way
from plugin.rules.retention.counted_by import zone_of_days as zone_of
from plugin.rules.retention.months import bits, first_month, months_between
from plugin.rules.retention.order_fact import Item, OrderFact, fact_of
from plugin.rules.types import Buyer, Line, OrderView, Refund, RefundLine, Whereto

AT = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)
MANILA = ZoneInfo("Asia/Manila")
TRAY = Line(1, "Tray", 2, 2, 2400, product_id=11)
ORDER = OrderView(5, "#5", AT, AT, AT, "USD", "paid", Buyer(7), (TRAY,), total_minor=4800)


def fact(**more: object) -> OrderFact:
    return fact_of(replace(ORDER, **more), MANILA)  # type: ignore[arg-type]


def test_a_paid_order_counts_with_its_goods_on_the_shops_day() -> None:
    assert fact() == OrderFact(
        5, date(2026, 2, 1), "", "USD", 4800, 4800, 0, "web", None, "", "", (Item(11, 2, 4800),)
    )  # fmt: skip
    assert fact_of(ORDER, ZoneInfo("UTC")).day == date(2026, 1, 31)


@pytest.mark.parametrize(("status", "at_once", "why"), [
    ("paid", False, ""), ("partially_paid", False, ""), ("partially_refunded", False, ""),
    ("refunded", False, "refunded"),
    ("pending", False, "not_paid"), ("pending", True, ""), ("authorized", True, ""), ("authorized", False, "not_paid"),
    ("voided", True, "not_paid"), ("expired", True, "not_paid"), ("refunded", True, "refunded"),
])  # fmt: skip
def test_the_state_of_the_payment_decides(status: str, at_once: bool, why: str) -> None:
    told = fact_of(replace(ORDER, financial_status=status), MANILA, at_once=at_once)
    assert (told.why_not, told.counts, told.net_minor) == (why, not why, 0 if why else 4800)


def test_the_first_reason_is_said_and_nothing_of_it_is_added_anywhere() -> None:
    wrong = replace(ORDER, test=True, cancelled_at=AT, financial_status="voided")
    assert fact_of(wrong, MANILA, deleted=True).why_not == "deleted"
    told = fact_of(wrong, MANILA)
    assert (told.why_not, told.net_minor, told.gross_minor, told.items) == ("test", 0, 0, ())
    assert fact(cancelled_at=AT).why_not == "cancelled"


def test_gift_cards_tips_shipping_and_tax_are_not_money_of_the_goods() -> None:
    card, tip = replace(TRAY, id=2, gift_card=True), replace(TRAY, id=3, tip=True)
    told = fact(lines=(replace(TRAY, tax_minor=800), card, tip), taxes_included=True, shipping_minor=500)
    assert (told.net_minor, told.items) == (4000, (Item(11, 2, 4000),))
    assert fact(lines=(card, tip)).why_not == "nothing_kept"


def test_what_came_back_is_neither_money_nor_a_unit() -> None:
    one = Refund(1, (RefundLine(1, 1, 2400),), created_at=AT)
    told = fact(lines=(replace(TRAY, current_quantity=1),), refunds=(one,), financial_status="partially_refunded")
    assert (told.net_minor, told.items) == (2400, (Item(11, 1, 2400),))
    both = replace(one, lines=(RefundLine(1, 2, 4800),))
    assert fact(lines=(replace(TRAY, current_quantity=0),), refunds=(both,)).why_not == "nothing_kept"


def test_our_codes_count_by_what_is_kept_and_others_do_not() -> None:
    line = replace(TRAY, discount_minor=1000)
    view = replace(ORDER, lines=(line,), codes_minor={"suki-1": 600, "SALE": 400})
    told = fact_of(view, MANILA, ours={"SUKI-1"})
    assert (told.net_minor, told.gross_minor, told.reward_discount_minor) == (3800, 4800, 600)
    back = Refund(1, (RefundLine(1, 1, 1900),), created_at=AT)
    half = replace(view, lines=(replace(line, current_quantity=1),), refunds=(back,))
    told = fact_of(half, MANILA, ours={"SUKI-1"})
    assert (told.net_minor, told.gross_minor, told.reward_discount_minor) == (1900, 2400, 300)
    assert fact_of(view, MANILA).reward_discount_minor == 0


def test_a_product_on_two_lines_is_one_and_a_line_without_one_is_only_money() -> None:
    told = fact(lines=(TRAY, replace(TRAY, id=2, quantity=1, current_quantity=1), replace(TRAY, id=3, product_id=None)))
    assert (told.net_minor, told.items) == (12000, (Item(11, 3, 7200),))


def test_where_it_goes_is_said_where_it_is_known() -> None:
    assert fact(whereto=Whereto(AT, "PH", "CEB")).country == "PH"
    assert fact(whereto=Whereto(AT, "PH", "CEB")).region == "CEB"


def test_months_count_from_the_first_and_move_on_before_there_is_no_bit_left() -> None:
    first = date(2016, 1, 5)
    assert months_between(first, date(2015, 12, 31)) == -1
    assert first_month(first, date(2026, 6, 30)) == date(2016, 1, 1)  # the 126th month still has a bit
    assert first_month(first, date(2026, 7, 1)) == date(2021, 1, 1)
    assert bits(date(2016, 1, 1), [date(2016, 1, 31), date(2021, 3, 1), date(2021, 4, 1), date(2026, 6, 1)]) == (
        1 | 1 << 62, 1 | 1 << 62,
    )  # fmt: skip
    assert bits(date(2016, 1, 1), [date(2015, 12, 31), date(2026, 7, 1)]) == (0, 0)


def test_days_stay_in_one_zone_until_all_of_them_change() -> None:
    kept = CountedBy("UTC", "USD", date(2026, 1, 1))
    assert counted_by(kept.setting()) == kept
    assert under_way(Rebuild("UTC", after=7).setting()) == Rebuild("UTC", after=7)
    assert under_way(Rebuild("UTC", "over").setting()) is None
    assert zone_of({}, "Asia/Manila") == "Asia/Manila"
    assert zone_of(kept.setting(), "Asia/Manila") == "UTC"
    assert zone_of(kept.setting() | Rebuild("Asia/Manila").setting(), "Asia/Manila") == "Asia/Manila"
    assert {COUNTED_BY, UNDER_WAY} == (kept.setting() | Rebuild("UTC").setting()).keys()
