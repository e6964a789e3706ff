"""What reports know of an order, where it is unusual: older readings, several codes and products, halves of a cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugin.rules.retention import months
from plugin.rules.retention.counted_by import CountedBy, Rebuild, counted_by, under_way
from plugin.rules.retention.months import bits, first_month, month_of, months_between
from plugin.rules.retention.order_fact import COUNTED, REPORTED, Item, OrderFact, fact_of
from plugin.rules.types import Buyer, Line, OrderView, Refund, RefundLine, Whereto

AT = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
TRAY = Line(1, "Tray", 2, 2, 2400, product_id=11)
MUG = Line(2, "Mug", 3, 3, 500, product_id=7)
ORDER = OrderView(5, "#5", AT, AT, AT, "USD", "paid", Buyer(7), (TRAY, MUG), total_minor=6300)
DAY = date(2026, 1, 31)
BACK = Refund(1, (RefundLine(1, 1, 2400),), created_at=AT)


def fact(view: OrderView = ORDER, **more: object) -> OrderFact:
    return fact_of(replace(view, **more), UTC_ZONE)  # type: ignore[arg-type]


def test_everything_that_is_said_of_an_order_is_in_its_fact() -> None:
    found = fact(source="pos", subscription=True, whereto=Whereto(AT, "PH", "CEB"))
    assert found == OrderFact(
        order_id=5, day=DAY, why_not="", currency="USD", net_minor=6300, gross_minor=6300, reward_discount_minor=0,
        source="pos", subscription=True, country="PH", region="CEB", items=(Item(7, 3, 1500), Item(11, 2, 4800)),
    )  # fmt: skip
    assert OrderFact(5, DAY, "", "USD") == OrderFact(5, DAY, "", "USD", 0, 0, 0, "", None, "", "", ())
    assert (found.counts, OrderFact(5, DAY, "test", "USD").counts) == (True, False)


def test_reports_count_what_no_programme_can_change() -> None:
    said = REPORTED.tax, REPORTED.shipping, REPORTED.before_discounts
    assert (*said, REPORTED.paid_by_gift_card, REPORTED.paid_by_store_credit) == (False, False, False, True, True)
    assert {"paid", "partially_paid", "partially_refunded"} == COUNTED


@pytest.mark.parametrize("reading", [1, 2])
def test_both_readings_know_which_goods_are_kept(reading: int) -> None:
    half = replace(ORDER, reading=reading, refunds=(BACK,), lines=(replace(TRAY, current_quantity=1), MUG))
    assert fact(half).items == (Item(7, 3, 1500), Item(11, 1, 2400))
    none = replace(BACK, lines=(RefundLine(1, 2, 4800), RefundLine(2, 3, 1500)))
    lines = tuple(replace(one, current_quantity=0) for one in (TRAY, MUG))
    assert fact(replace(ORDER, reading=reading, refunds=(none,), lines=lines)).why_not == "nothing_kept"


def test_the_first_reason_not_to_count_an_order_is_told() -> None:
    wrong = replace(ORDER, test=True, cancelled_at=AT, financial_status="refunded", lines=())
    told = [fact_of(wrong, UTC_ZONE, deleted=True).why_not, fact(wrong).why_not, fact(wrong, test=False).why_not,
            fact(wrong, test=False, cancelled_at=None).why_not,
            fact(wrong, test=False, cancelled_at=None, financial_status="paid").why_not]  # fmt: skip
    assert told == ["deleted", "test", "cancelled", "refunded", "nothing_kept"]


def test_what_our_codes_took_off_is_never_more_than_was_taken_off_what_is_kept() -> None:
    off = replace(ORDER, lines=(replace(TRAY, discount_minor=1000), MUG))
    ours = {"SUKI-1", "SUKI-2"}
    found = [fact_of(replace(off, codes_minor=codes), UTC_ZONE, ours=ours).reward_discount_minor for codes in (
        None, {}, {"SUKI-1": 600}, {"suki-1": 600, "Suki-2": 150, "SALE": 250}, {"SUKI-1": 5000}, {"SALE": 1000},
    )]  # fmt: skip
    assert found == [0, 0, 600, 750, 1000, 0]
    assert fact_of(replace(ORDER, codes_minor={"SUKI-1": 600}), UTC_ZONE, ours=ours).reward_discount_minor == 0
    whole = fact_of(replace(off, codes_minor={"SUKI-1": 600}), UTC_ZONE, ours=ours)
    assert (whole.net_minor, whole.gross_minor) == (5300, 6300)


def test_gift_cards_and_tips_are_no_goods_before_discounts_either() -> None:
    lines = (replace(TRAY, discount_minor=800), replace(MUG, gift_card=True), replace(MUG, id=3, tip=True))
    found = fact_of(replace(ORDER, lines=lines, codes_minor={"S": 800}), UTC_ZONE, ours={"S"})
    assert (found.net_minor, found.gross_minor, found.reward_discount_minor) == (4000, 4800, 800)
    assert found.items == (Item(11, 2, 4000),)
    free = tuple(replace(one, price_minor=0) for one in (TRAY, MUG))
    assert fact(lines=free).items == (Item(7, 3, 0), Item(11, 2, 0))


def test_months_are_counted_across_years_both_ways() -> None:
    assert (months.WORD, months.MONTHS, months.STEP) == (63, 126, 60)
    assert month_of(date(2026, 2, 28)) == date(2026, 2, 1)
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2027, 1, 1), date(2025, 12, 31), date(2025, 1, 31)]
    assert [months_between(date(2026, 1, 15), day) for day in days] == [0, 1, 12, -1, -12]
    first = date(2016, 1, 5)
    moved = [first_month(first, day) for day in (first, date(2031, 6, 30), date(2031, 7, 1), date(2015, 1, 1))]
    assert moved == [date(2016, 1, 1), date(2021, 1, 1), date(2026, 1, 1), date(2016, 1, 1)]
    assert bits(date(2016, 1, 1), [date(2016, 2, 1), date(2016, 2, 9), date(2021, 4, 1), date(2021, 5, 1)]) == (2, 3)
    assert bits(date(2016, 1, 1), []) == (0, 0)


def test_a_rebuild_begins_with_orders_and_leaves_nothing_when_it_is_over() -> None:
    begun = Rebuild("UTC")
    assert begun == Rebuild("UTC", stage="orders", after=0, orders=0, members=0, changed=0)
    assert (begun.over, Rebuild("UTC", "over").over) == (False, True)
    assert begun.setting() == {"facts_rebuild": {
        "zone": "UTC", "stage": "orders", "after": 0, "orders": 0, "members": 0, "changed": 0,
    }}  # fmt: skip
    assert Rebuild("UTC", "over", 9).setting() == {"facts_rebuild": {}}
    kept = CountedBy("UTC", "USD", date(2026, 1, 1))
    assert kept.setting() == {"facts_counted_by": {"zone": "UTC", "currency": "USD", "first_month": "2026-01-01"}}
    assert (counted_by({}), under_way({})) == (None, None)
