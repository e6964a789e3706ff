"""Files of members and points are read as people save them, and what is wrong is named by line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.points.member_file import MOST_BYTES, MOST_ROWS, Problem, Row, UnreadableFile, as_csv, read, safe_cell

WELL = "Email,Customer ID,Points,Note\nana@example.com,,50,A late parcel\n,7,-20,\n"
ROWS = (Row(2, "ana@example.com", None, 50, "A late parcel"), Row(3, "", 7, -20, ""))


@pytest.mark.parametrize(
    "content",
    [
        WELL.encode(),
        b"\xef\xbb\xbf" + WELL.encode(),
        WELL.replace(",", ";").encode(),
        WELL.replace(",", "\t").replace("\n", "\r\n").encode(),
        WELL.replace("Customer ID", "customer_id").replace("Email", "E-mail address").encode(),
        WELL.replace(",7,", ",gid://shopify/Customer/7,").encode(),
    ],
)
def test_commas_semicolons_tabs_and_marks_are_understood(content: bytes) -> None:
    found = read(content)
    assert (found.rows, found.problems, found.ignored) == (ROWS, (), ())


def test_three_bad_lines_of_a_thousand_are_named() -> None:
    lines = [f"{number}@example.com,5" for number in range(1000)]
    lines[9], lines[500], lines[999] = "nobody,5", "x@example.com,1.5", ",5"
    found = read("\n".join(["email,points", *lines]).encode())
    assert len(found.rows) == 997
    assert found.problems == (
        Problem(11, "“nobody” is not an e-mail address"),
        Problem(502, "“1.5” is not a whole number of points up to 1,000,000"),
        Problem(1001, "names neither an e-mail address nor a customer id"),
    )


def test_birthdays_and_unknown_columns_are_left_alone_and_named() -> None:
    found = read(b"email,birthday,shoe size\na@example.com,1990-01-01,42\n")
    assert (found.rows, found.ignored) == ((Row(2, "a@example.com", None, 0, ""),), ("birthday", "shoe size"))


def test_lines_are_counted_as_the_file_has_them() -> None:
    found = read(b'email,note,points\na@example.com,"two\nlines",1\n\n\nb@example.com,,x\n')
    assert found.rows[0].note == "two lines"
    assert found.problems[0].line == 6


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xff\xfee\x00m\x00", "not UTF-8"),
        ("émail;points\nà@b.fr;1".encode("latin-1"), "not UTF-8"),
        (b"PK\x03\x04\0\0", "empty, or not"),
        (b"name,points\nAna,5\n", "must name the columns"),
        (b"email,e-mail,points\n", "Two columns"),
        (b'email,points\n"a@example.com,5\n', "not CSV"),
        (b"email\n" + b"a@example.com\n" * (MOST_ROWS + 1), "the most for one"),
        (b"e" * (MOST_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_a_file_of_which_no_line_can_be_trusted_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read(content)


@given(st.binary(max_size=400))
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    try:
        read(b"email,points\n" + content)
    except UnreadableFile:
        return


@given(st.lists(st.lists(st.text(max_size=20) | st.integers() | st.none(), min_size=2, max_size=2), max_size=5))
def test_no_exported_cell_is_a_formula_and_each_can_be_read_again(rows: list[list[object]]) -> None:
    back = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    assert back == [[safe_cell(cell) for cell in row] for row in rows]
    for row, cells in zip(rows, back, strict=True):
        for value, cell in zip(row, cells, strict=True):
            assert isinstance(value, int) or not cell.startswith(
                ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
            )


def test_each_cell_is_in_quotes_so_that_no_other_sign_makes_two_of_it() -> None:
    assert as_csv([["Juan;=1+1", 5, None, 'a"b', "x\t=2"]]) == '"Juan;=1+1","5","","a""b","x\t=2"\r\n'
