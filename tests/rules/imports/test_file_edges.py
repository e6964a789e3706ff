"""A file of members at its limits: how long, how large, what is shown of a cell that is wrong."""

from __future__ import annotations

import pytest

from plugin.rules.imports.lines import LONGEST_NOTE, MOST_POINTS, Problem, Row
from plugin.rules.points.member_file import as_csv
from plugin.rules.words.texts import Said
from tests.rules.imports.reading import read


def one(email: str = "", points: str = "5", customer: str = "", note: str = "") -> Row | Problem:
    """What is made of the one line of a file."""
    found = read(f"email,customer id,points,note\n{email},{customer},{points},{note}\n".encode())
    [each] = [*found.rows, *found.problems]
    return each


def test_an_apostrophe_that_a_spreadsheet_put_before_a_cell_is_no_part_of_it() -> None:
    assert one("'ana@example.com") == Row(2, "ana@example.com", None, 5, "")
    assert one(customer="'7") == one(customer="''7") == Row(2, "", 7, 5, "")
    assert one("X@example.com") == Row(2, "X@example.com", None, 5, "")
    assert one("x'y@example.com") == Row(2, "x'y@example.com", None, 5, "")


@pytest.mark.parametrize("points", [MOST_POINTS, -MOST_POINTS])
def test_points_have_a_limit_both_ways(points: int) -> None:
    assert one("ana@example.com", str(points)) == Row(2, "ana@example.com", None, points, "")
    more = str(points + (1 if points > 0 else -1))
    assert one("ana@example.com", more) == Problem(2, Said("members.file.most", text=more, most=MOST_POINTS))


@pytest.mark.parametrize(("email", "good"), [
    ("a" * 64 + "@example.com", True), ("a" * 65 + "@example.com", False), ("a@b.co", True), ("a@b.c", False),
    ("a@" + "b" * 188 + ".com", True), ("a@" + "b" * 189 + ".com", False), ("a b@example.com", False),
])  # fmt: skip
def test_an_address_is_one_that_mail_can_go_to(email: str, good: bool) -> None:
    shown = email if len(email) <= 60 else email[:59] + "…"
    wrong = Problem(2, Said("members.file.email", text=shown))
    assert one(email) == (Row(2, email, None, 5, "") if good else wrong)


@pytest.mark.parametrize(("customer", "good"), [
    ("1", True), ("9" * 18, True), ("9" * 19, False), ("0", False), ("gid://shopify/Customer/7", True),
    ("gid://shopify/Order/7", False), ("gid://shopify/Customer/0", False), ("x" * 90, False), ("-7", False),
])  # fmt: skip
def test_a_customer_is_named_by_a_number_of_shopifys(customer: str, good: bool) -> None:
    shown = customer if len(customer) <= 60 else customer[:59] + "…"
    wrong = Problem(2, Said("members.file.customer", text=shown))
    assert one(customer=customer) == (Row(2, "", int(customer.rpartition("/")[2]), 5, "") if good else wrong)
    left = Problem(2, Said("members.file.customer_left", text=shown), kept=True)
    assert one("ana@example.com", customer=customer) == (
        Row(2, "ana@example.com", int(customer.rpartition("/")[2]), 5, "")
        if good
        else Row(2, "ana@example.com", None, 5, "", problems=(left,))
    )


def test_of_points_that_are_none_forty_letters_are_shown_and_of_a_note_three_hundred() -> None:
    assert one("ana@example.com", "x" * 40) == Problem(2, Said("members.file.not_whole", text="x" * 40, mark=""))
    assert one("ana@example.com", "x" * 41) == Problem(2, Said("members.file.not_whole", text="x" * 39 + "…", mark=""))
    assert one("ana@example.com", note="x" * 300) == Row(2, "ana@example.com", None, 5, "x" * LONGEST_NOTE)
    assert one("ana@example.com", note="x" * 301) == Row(2, "ana@example.com", None, 5, "x" * 299 + "…")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_begins_a_formula_has_an_apostrophe(sign: str) -> None:
    assert as_csv([[f"{sign}1", f"1{sign}", "", 5, -5, None]]) == f'"\'{sign}1","1{sign}","","5","-5",""\r\n'
