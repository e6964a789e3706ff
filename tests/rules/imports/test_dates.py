"""Days are read as a column writes them; what can be read in two ways is said so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.imports import dates
from plugin.rules.imports.dates import Day, Order, Seen
from tests.reached import reach, reaches

WRITTEN: dict[Order, str] = {"ymd": "%Y-%m-%d", "mdy": "%m/%d/%Y", "dmy": "%d.%m.%Y"}


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("1990-12-24", "dmy", Day(12, 24, 1990)), ("1990/12/24", "mdy", Day(12, 24, 1990)),
        ("24.12.1990", "dmy", Day(12, 24, 1990)), ("12/24/1990", "mdy", Day(12, 24, 1990)),
        ("12-24", "ymd", Day(12, 24)), ("24-12", "dmy", Day(12, 24)), ("--12-24", "mdy", Day(12, 24)),
        ("24 Dec 1990", "mdy", Day(12, 24, 1990)), ("December 24, 1990", "dmy", Day(12, 24, 1990)),
        ("24th December", "mdy", Day(12, 24)), ("1990-12-24T10:00:00.000Z", "ymd", Day(12, 24, 1990)),
        ("1990-12-24 23:59:59 UTC", "mdy", Day(12, 24, 1990)), ("1004-05-27", "ymd", Day(5, 27)),
        ("1900-02-28", "ymd", Day(2, 28)), ("02/29", "mdy", Day(2, 29)), ("12/24/90", "mdy", Day(12, 24, 1990)),
        ("12/24/05", "mdy", Day(12, 24, 2005)), ("2/9", "mdy", Day(2, 9)),
        ("1990-02-29", "ymd", None), ("13/24/1990", "mdy", None), ("yesterday", "mdy", None), ("", "mdy", None),
        ("0/0", "mdy", None), ("12/24/190", "mdy", None), ("34567", "ymd", None), ("12/24", "dmy", None),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_order_that_was_chosen(cell: str, order: Order, day: Day | None) -> None:
    assert dates.read(cell, order) == day


@reaches(sure=0.3)
@given(st.lists(st.dates(date(1901, 1, 1), date(2029, 12, 31)), min_size=1, max_size=9), st.sampled_from(dates.ORDERS))
def test_the_order_that_a_column_was_written_in_reads_every_day_of_it(days: list[date], order: Order) -> None:
    cells = [day.strftime(WRITTEN[order]) for day in days]
    found = dates.seen(cells)
    assert order in found.orders
    if found.alike:
        reach("sure")
        chosen, sure = dates.choose(found, "")
        assert sure
        assert [dates.read(cell, chosen) for cell in cells] == [Day(d.month, d.day, d.year) for d in days]


def test_what_can_be_read_in_two_ways_is_not_sure_unless_the_source_says_how_it_writes() -> None:
    both = dates.seen(["03/04/1990", "05/06/1991"])
    assert both == Seen(("mdy", "dmy"), alike=False)
    assert dates.choose(both, "") == ("mdy", False)
    assert dates.choose(both, "dmy") == ("dmy", True)
    assert dates.choose(dates.seen(["03/04/1990", "25/06/1991"]), "mdy") == ("dmy", True)
    assert dates.choose(dates.seen([]), "") == ("ymd", True)
