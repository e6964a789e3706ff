"""Points are read as spreadsheets write them; what can be read in two ways is refused, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.imports.whole_numbers import Unclear, Writing, whole, writing_of
from tests.reached import reach, reaches

UNKNOWN, ENGLISH, GERMAN = Writing(), Writing(".", ","), Writing(",", ".")


@pytest.mark.parametrize(
    ("cell", "writing", "number"),
    [
        ("0", UNKNOWN, 0), ("1234", UNKNOWN, 1234), ("+5", UNKNOWN, 5), ("-5", UNKNOWN, -5), ("\u22125", UNKNOWN, -5),
        ("1,234", UNKNOWN, 1234), ("1,234", ENGLISH, 1234), ("1.234", GERMAN, 1234), ("-1,234", UNKNOWN, -1234),
        ("1,234,567", GERMAN, 1234567), ("1.234.567", ENGLISH, 1234567), ("1,234.00", UNKNOWN, 1234),
        ("1.234,00", UNKNOWN, 1234), ("12.00", UNKNOWN, 12), ("12,0", UNKNOWN, 12), ("0.000", UNKNOWN, 0),
        ("1 234", UNKNOWN, 1234), ("1\u00a0234\u202f567", UNKNOWN, 1234567), ("1'234", UNKNOWN, 1234),
        ("'50", UNKNOWN, 50), (" 50 points", UNKNOWN, 50), ("1,234 pts", UNKNOWN, 1234), ("1,000", GERMAN, 1),
        ("(446)", UNKNOWN, -446), ("(1,234)", ENGLISH, -1234), ("( 5 )", UNKNOWN, -5),
    ],
)  # fmt: skip
def test_a_cell_is_the_number(cell: str, writing: Writing, number: int) -> None:
    assert whole(cell, writing) == number


@pytest.mark.parametrize(
    ("cell", "writing", "why"),
    [
        ("1.234", UNKNOWN, "two_ways"), ("-1.234", UNKNOWN, "two_ways"), ("1.234", ENGLISH, "not_whole"),
        ("1,234", GERMAN, "not_whole"), ("1.5", UNKNOWN, "not_whole"), ("0,500", UNKNOWN, "not_whole"),
        ("1,234.5", UNKNOWN, "not_whole"), ("", UNKNOWN, "not_whole"), ("x", UNKNOWN, "not_whole"),
        ("1e3", UNKNOWN, "not_whole"), ("(50", UNKNOWN, "not_whole"), ("1.234.5", UNKNOWN, "not_whole"),
        ("12,34,567", UNKNOWN, "not_whole"), ("1 2345", UNKNOWN, "not_whole"), ("NaN", UNKNOWN, "not_whole"),
        ("٣", UNKNOWN, "not_whole"), ("$5", UNKNOWN, "not_whole"), ("5%", UNKNOWN, "not_whole"),
        ("9" * 100, UNKNOWN, "not_whole"), ("1" + " " * 90 + "000", UNKNOWN, "not_whole"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_or_two_is_refused(cell: str, writing: Writing, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        whole(cell, writing)


@pytest.mark.parametrize(
    ("cells", "semicolons", "writing"),
    [
        (["5", "1.234"], False, UNKNOWN), (["5", "1.234"], True, GERMAN), (["1.234", "10.50"], True, ENGLISH),
        (["1.234", "1.234.567"], False, GERMAN), (["1,234", "1,234.50"], True, ENGLISH), (["10,50"], False, GERMAN),
        (["1.234,50"], False, GERMAN), ([], False, UNKNOWN), (["x", "1.234.5"], False, UNKNOWN),
    ],
)  # fmt: skip
def test_a_column_shows_how_it_writes_numbers(cells: list[str], semicolons: bool, writing: Writing) -> None:
    assert writing_of(cells, semicolons) == writing


@given(st.integers(-(10**9), 10**9), st.sampled_from([ENGLISH, GERMAN]))
def test_every_number_is_read_as_it_was_written(number: int, writing: Writing) -> None:
    grouped = f"{number:,}".replace(",", writing.thousands)
    assert whole(grouped, writing) == whole(str(number), writing) == number
    assert whole(f"{grouped}{writing.decimals}00", writing) == number


@reaches(read=0.05, refused=0.3)
@given(st.text(max_size=80) | st.text("0123456789.,' -+", min_size=1, max_size=9))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    for writing in (writing_of([cell], semicolons=True), UNKNOWN):
        try:
            assert isinstance(whole(cell, writing), int)
            reach("read")
        except Unclear as unclear:
            assert str(unclear)
            reach("refused")
