"""The codes of a partner are found by their heading, and a heading is never a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.codes import code_list
from plugin.rules.codes.code_list import MOST_CODES, CodeList
from plugin.rules.imports.table_file import UnreadableFile
from tests.reached import reach, reaches

FOUND = ("A-1", "A-2")


@pytest.mark.parametrize(
    ("content", "heading"),
    [
        ("code\nA-1\nA-2\n", "code"),
        ("Name,Discount Code,Value\nAna,A-1,5\nBen,A-2,5\n", "Discount Code"),
        ("Value;Coupon code\n5;A-1\n5;A-2\n", "Coupon code"),
        ("Voucher\tValid until\nA-1\t2027\nA-2\t2027\n", "Voucher"),
        ("Amount,Value\n5,A-1\n5,A-2\n", "Value"),
        ("id,voucher_code,code\n1,A-1,x\n2,A-2,y\n", "voucher_code"),
        ("sep=;\r\nPrice;promoCode\r\n5;A-1\r\n5;A-2\r\n", "promoCode"),
        ('"Gift card code"\n"A-1"\n"A-2"\n', "Gift card code"),
        ("Rabattcodes\nA-1\nA-2\n", "Rabattcodes"),
        ("Kode ng kupon\nA-1\nA-2\n", "Kode ng kupon"),
        ("A-1\nA-2\n", ""),
        ("\n\nA-1\n\n  A-2  \n", ""),
        ("A-1\nA-2\nA-1\n", ""),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_codes_are_found_under_their_heading_or_alone(content: str, heading: str, encoding: str) -> None:
    found = code_list.read(content.encode(encoding))
    assert (found.codes, found.heading) == (FOUND, heading)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("Gutscheine\nSOMMER\nWINTER\n", ("SOMMER", "WINTER")),
        ("Your own word\nsommer\nwinter\n", ("sommer", "winter")),
        ("SOMMER\nWINTER\n", ("SOMMER", "WINTER")),
        ("sommer\nwinter\n", ("sommer", "winter")),
        ("HELLO\n", ("HELLO",)),
        ("2024-A\nSOMMER\n", ("2024-A", "SOMMER")),
    ],
)
def test_a_first_line_unlike_the_rest_is_a_heading_and_one_like_it_a_code(content: str, codes: tuple[str, ...]) -> None:
    assert code_list.read(content.encode()).codes == codes


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Name,Price\nA-1,5\n", "The first line says “Name”, “Price”"),
        ("A-1,A-2,A-3\n", "one a line"),
        ("A-1;x\nA-2;y\n", "No column is called"),
        ("code,codes\nA-1,A-2\n", "Two columns can be the code"),
        ("code\n1.23457E+15\n", "line 2 was changed by a spreadsheet"),
        ("code\nA-1\nDiscount code\n", "line 3 is a heading"),
        ("code\n" + "x" * 201 + "\nA\x07B\n", "line 2 is no code; line 3 is no code"),
        ("\n".join(str(number) for number in range(MOST_CODES + 1)), "20,000 codes are the most"),
        ('code\n"A-1\n', "isn't valid CSV"),
        ("\x00", "empty"),
    ],
)
def test_what_is_no_list_of_codes_is_refused_in_words(content: str, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        code_list.read(content.encode())


@reaches(codes=0.1, refused=0.05)
@given(st.text(max_size=60) | st.lists(st.text('AB1-_ ,"', max_size=8), max_size=6).map("\n".join))
def test_whatever_is_sent_is_read_or_refused_and_no_known_heading_becomes_a_code(content: str) -> None:
    try:
        found = code_list.read(f"code\n{content}".encode())
    except UnreadableFile:
        return reach("refused")
    if found.codes:
        reach("codes")
    assert code_list.checked("\n".join(found.codes)).codes == found.codes


def test_a_file_and_what_was_pasted_count_together() -> None:
    one, other = CodeList(("A", "B"), 1, "code", ("valid",)), CodeList(("B", "C"))
    assert code_list.joined(one, other) == CodeList(("A", "B", "C"), 2, "code", ("valid",))
