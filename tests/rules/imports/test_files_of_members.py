"""Files of members and points are read as people save them, and what is wrong is named by line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.imports.lines import Problem, Row
from plugin.rules.imports.table_file import MOST_BYTES, UnreadableFile
from plugin.rules.points.member_file import as_csv
from plugin.rules.words.texts import Said
from tests.reached import reach, reaches
from tests.rules.imports.reading import read

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
        Problem(11, Said("members.file.email", text="nobody")),
        Problem(502, Said("members.file.not_whole", text="1.5")),
        Problem(1001, Said("members.file.nobody")),
    )


def test_columns_that_mean_nothing_are_left_alone_and_named() -> None:
    found = read(b"email,shoe size,points\na@example.com,42,0\n")
    assert (found.rows, found.ignored) == ((Row(2, "a@example.com", None, 0, ""),), ("shoe size",))


EXPORTS = {
    "Smile": "First Name,Last Name,Email,Points Balance,VIP Tier,Referral URL\nAna,R,ana@example.com,120,Gold,https://x",
    "Smile's template": "email,points\nana@example.com,120",
    "LoyaltyLion": "id,email,points_approved,points_pending,points_spent,points_total,points_lifetime\n"
    "9,ana@example.com,120,30,500,150,650",
    "Yotpo": "Full Name,First Name,Email,Points Balance,Points Spent,Points Earned\nAna R,Ana,"
    "ana@example.com,120,4,124",
    "Yotpo's words": "Emails,Current Points Balance,Total Points Earned\nana@example.com,120,900",
    "Rivo": "Email,Points Balance,Birthdate,VIP Tier,Activation Date,Credits Balance\nana@example.com,"
    "120,1990-01-01,,,7.50",
    "Rivo, other": "first_name,customer_email,points_tally,credits_tally\nAna,ana@example.com,120,9",
    "BON": "Customer email,Customer name,Current points,Lifetime points\nana@example.com,Ana,120,900",
    "Growave": "Customer E-mail;Available points;Points spent\nana@example.com;120;7",
    "Stamped": '"Customer Email"\t"Points"\t"Total Spent"\n"ana@example.com"\t"120"\t"88.10"',
    "Joy": "customerEmail,pointBalance,totalEarned\nana@example.com,120,900",
    "Talon.One": "email,currentBalance,pendingBalance,expiredBalance,spentBalance\nana@example.com,120,1,2,3",
    "Excel": "sep=|\r\nE-Mail Address|Points  BALANCE:\r\nana@example.com|120\r\n",
}


COLUMNS = {
    "email": "customer email|customer email address|customer e mail|shopify customer email|member email|email|e mail"
    "|email address|e mail address|emails|email id|user email|contact email",
    "customer_id": "shopify customer id|shopify id|shopify customer number|customer id|customerid|customer shopify id",
    "note": "note|notes|reason|comment|internal note",
    "points": "points approved|approved points|available points|points available|available point balance"
    "|available points balance|spendable points|points spendable|redeemable points|usable points|points to spend"
    "|points balance|point balance|balance points|balance point|points current balance|current points balance"
    "|current point balance|current points|current point|current balance|available balance|points tally"
    "|loyalty points balance|loyalty point balance|reward points balance|rewards points balance|loyalty balance"
    "|rewards balance|remaining points|points remaining|points left|customer points balance|points now"
    "|points|point|loyalty points|reward points|rewards points|customer points|member points|balance|points to add"
    "|points change|points amount|add points|adjust points|points adjustment",
}
"""Each heading by which a column is known, to the letter."""


@pytest.mark.parametrize(
    ("column", "heading"), [(name, heading) for name, all_ in COLUMNS.items() for heading in all_.split("|")]
)
def test_a_column_is_known_by_each_of_its_headings(column: str, heading: str) -> None:
    cells = {"email": "ana@example.com", "customer_id": "7", "points": "5", "note": "Hello"}
    needed = {"email", "points"} - {column} if column != "customer_id" else {"points"}
    found = read(",".join([heading, *sorted(needed)]).encode() + b"\n" + ",".join(
        [cells[column], *(cells[name] for name in sorted(needed))]
    ).encode())  # fmt: skip
    assert found.columns[column] == heading
    assert found.ignored == ()
    assert len(found.rows) == 1


@pytest.mark.parametrize("app", EXPORTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_export_of_another_app_is_read_as_what_its_members_can_spend(app: str, encoding: str) -> None:
    text = EXPORTS[app] if len(EXPORTS[app]) % 2 == 0 or "16-" not in encoding else EXPORTS[app] + "\n"
    found = read(text.encode(encoding))
    assert [(row.email, row.points) for row in found.rows] == [("ana@example.com", 120)]
    assert found.problems == ()
    assert {"email", "points"} <= found.columns.keys()


@pytest.mark.parametrize(
    "headings",
    [
        "email,points_pending", "email,Points Spent",
        "email,points expiry",
        "email,Total Points", "email,credits balance", "email,store credit", "email,amount", "email", "email,orders",
        "email,points expired,points redeemed", "email,gift card balance",
    ],
)  # fmt: skip
def test_a_file_in_which_nothing_can_be_the_points_is_refused_with_its_columns(headings: str) -> None:
    with pytest.raises(UnreadableFile, match="No column has members' (?:current )?points") as refused:
        read(f"{headings}\nana@example.com,120,5\n".encode())
    assert all(f"“{each}”" in str(refused.value) for each in headings.split(","))


@pytest.mark.parametrize("headings", ["name,points", "id,points", "phone,points", "points,50", " ,points"])
def test_a_file_in_which_nothing_can_be_the_person_is_refused_with_its_columns(headings: str) -> None:
    with pytest.raises(UnreadableFile, match="No column has members' email addresses") as refused:
        read(f"{headings}\nAna,120\n".encode())
    assert all(f"“{each}”" in str(refused.value) for each in headings.split(",") if each.strip())


@pytest.mark.parametrize(
    "headings",
    ["email,points,points", "email,points,balance", "email,Points balance,Current balance", "email,e-mail,points"]
    + ["email,Available points,points_approved", "customer id,Customer_ID,points"],
)
def test_where_two_columns_say_it_alike_nobody_guesses(headings: str) -> None:
    with pytest.raises(UnreadableFile, match="Two columns can be"):
        read(f"{headings}\na@example.com,1,2\n".encode())


def test_the_column_that_says_most_plainly_what_can_be_spent_is_the_points() -> None:
    found = read(b"email,points,points balance,available points\na@example.com,1,2,3\n")
    assert [row.points for row in found.rows] == [3]
    assert (found.columns["points"], found.ignored) == ("available points", ("points", "points balance"))


def test_an_empty_cell_leaves_a_balance_as_it_is_and_a_plain_nought_is_none() -> None:
    found = read(b"email,points\na@example.com,\nb@example.com\nc@example.com,0\nd@example.com,  \n,,\n")
    assert [(row.email[0], row.points) for row in found.rows] == [("a", None), ("b", None), ("c", 0), ("d", None)]
    assert found.problems == ()
    assert {(each.line, each.what, each.kept) for row in found.rows for each in row.problems} == {
        (line, Said("members.file.missing"), True) for line in (2, 3, 5)
    }


def test_thousands_are_read_as_the_file_writes_them() -> None:
    english = read(b'email,points\na@example.com,"1,234"\nb@example.com,1234.00\nc@example.com,1.234\n')
    assert [row.points for row in english.rows] == [1234, 1234]
    german = read(b"email;points\na@example.com;1.234\nb@example.com;1234,00\nc@example.com;1,234\n")
    assert [row.points for row in german.rows] == [1234, 1234]
    alone = read(b"email;points\na@example.com;1.234\n")
    assert [row.points for row in alone.rows] == [1234]
    unsure = read(b"email,points\na@example.com,1.234\n")
    assert unsure.problems == (Problem(2, Said("members.file.two_ways", text="1.234", mark=".")),)


def test_lines_are_counted_as_the_file_has_them() -> None:
    found = read(b'email,note,points\na@example.com,"two\nlines",1\n\n\nb@example.com,,x\n')
    assert found.rows[0].note == "two lines"
    assert found.problems[0].line == 6


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xff\xfee\x00m", "can't read the letters"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x80", "can't read the letters"),
        (b"PK\x03\x04\0\0", "empty or isn't a CSV"),
        (b"name,points\nAna,5\n", "email addresses or customer IDs"),
        (b"email,e-mail,points\n", "Two columns"),
        (b'email,points\n"a@example.com,5\n', "isn't valid CSV"),
        (b"e" * (MOST_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_a_file_of_which_no_line_can_be_trusted_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read(content)


PEOPLE = st.sampled_from(["ana@example.com", " Ben@Example.org ", "7", "nobody", "", "=1+1", "é@x.com", "a" * 400])
NUMBERS = st.sampled_from(["5", "0", "-3", "1,234", "1.5", "", "x", "9" * 30, "'7", " 8 "])
LINES = st.lists(st.tuples(PEOPLE, NUMBERS, st.text("a'\t é;😀", max_size=5)), min_size=1, max_size=8)


@reaches(rows=0.25, problems=0.5)
@given(LINES)
def test_each_line_is_either_read_or_named_as_a_problem(lines: list[tuple[str, str, str]]) -> None:
    said = "".join(f'"{person}","{number}","{note}"\r\n' for person, number, note in lines)
    found = read(f"email,points,note\r\n{said}".encode())
    told = sorted([row.line for row in found.rows] + [problem.line for problem in found.problems])
    assert told == [number for number, line in enumerate(lines, 2) if any(cell.strip() for cell in line)]
    if found.rows:
        reach("rows")
    if found.problems:
        reach("problems")


@reaches(rows=0.25, refused=0.2)
@given(st.binary(max_size=60) | st.text("ab@c.om,;15\n\"'", max_size=40).map(str.encode))
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    try:
        found = read(b"email,points\nana@example.com,5\n" + content)
        assert found.rows[0] == Row(2, "ana@example.com", None, 5, "")
        reach("rows")
    except UnreadableFile as refused:
        assert str(refused)
        reach("refused")


CELLS = st.text(max_size=20) | st.text("=+-@\t'＝1", max_size=4) | st.integers() | st.none()


@reaches(cells=0.5)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_no_exported_cell_is_a_formula_and_each_can_be_read_again(rows: list[list[object]]) -> None:
    back = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    for row, cells in zip(rows, back, strict=True):
        for value, cell in zip(row, cells, strict=True):
            reach("cells")
            assert cell.removeprefix("'") == ("" if value is None else str(value).removeprefix("'"))
            assert isinstance(value, int) or not cell.startswith(
                ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
            )


def test_each_cell_is_in_quotes_so_that_no_other_sign_makes_two_of_it() -> None:
    assert as_csv([["Juan;=1+1", 5, None, 'a"b', "x\t=2"]]) == '"Juan;=1+1","5","","a""b","x\t=2"\r\n'
