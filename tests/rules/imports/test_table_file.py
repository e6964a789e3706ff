"""A table from a spreadsheet or another app: its letters, its separators, its lines, its headings."""

from __future__ import annotations

import pytest

from plugin.rules.imports.table_file import (
    MOST_BYTES,
    Table,
    UnreadableFile,
    choose,
    heading_key,
    in_words,
    table,
    text_of,
)
from plugin.rules.words.texts import Said


def read(text: str, *known: str) -> Table:
    return table(text, lambda heading: heading in known)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["ab", "a,b\n1,é2\n", "é,b\n"])
def test_each_way_of_writing_letters_is_known(encoding: str, text: str) -> None:
    if not (encoding.startswith("utf-16-") and text.startswith("é")):  # such a file says itself how it is written
        assert text_of(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", Said("members.file.empty")), (b" \n\t", Said("members.file.empty")),
        (b"a\0bcd", Said("members.file.empty")),
        (b"\0\0", Said("members.file.empty")), (b"a\0b", Said("members.file.empty")),
        (b"\0ab", Said("members.file.empty")), (b"\xe9\x01", Said("members.file.encoding")),
        (b"\xff\xfea", Said("members.file.encoding")), (b"a" * (MOST_BYTES + 1), Said("members.file.large", most=2)),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_what_is_wrong(content: bytes, said: Said) -> None:
    with pytest.raises(UnreadableFile) as refused:
        text_of(content)
    assert (refused.value.what, str(refused.value)) == (said, said)
    assert isinstance(refused.value.what, Said)
    assert refused.value.what.key == said.key


def test_two_megabytes_are_read() -> None:
    assert len(text_of(b"a" * MOST_BYTES)) == MOST_BYTES == 2_097_152


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_is_the_one_that_gives_the_most_headings_that_are_known(mark: str) -> None:
    found = read(f"a{mark}b\n1{mark}2\n", "a", "b")
    assert (found.headings, list(found.rows), found.mark) == (("a", "b"), [(2, ["1", "2"])], mark)
    found = read(f"x{mark}y\n", "a")
    assert (found.headings, found.mark) == (("x", "y"), mark)


def test_known_headings_count_before_many_cells() -> None:
    found = read("a;b,c,d,e\n", "a")
    assert (found.mark, found.headings) == (";", ("a", "b,c,d,e"))
    assert read("a;b,c;d\n").mark == ";"
    assert read("a;b,c\n").mark == ","  # as many either way: the comma is the usual one
    assert read("alone\n").mark == ","


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", "sep=; \r"])
def test_a_line_that_names_the_mark_is_no_heading_and_counts_as_a_line(line: str) -> None:
    found = read(f"{line}a,b;c\n1;2\n", "a")
    assert (found.headings, list(found.rows), found.mark) == (("a,b", "c"), [(3, ["1", "2"])], ";")
    assert read("sep=;a\n").headings == ("sep=;a",) or read("sep=;a\n").mark == ";"


def test_lines_are_numbered_as_the_file_has_them_and_empty_ones_left_out() -> None:
    found = read('a,b\n"x\ny",1\n\n , \n2,\n')
    assert list(found.rows) == [(3, ["x\ny", "1"]), (6, ["2", ""])]


@pytest.mark.parametrize(("before", "line"), [("", 1), ("sep=,\n", 2)])
def test_a_line_that_is_no_csv_is_named(before: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(f'{before}"a"x,b\n')
    assert isinstance(refused.value.what, Said)
    assert (refused.value.what.key, refused.value.what.values["line"]) == ("members.file.not_csv", line)
    found = read(f'{before}a,b\n1,2\n"3"x,4\n')
    with pytest.raises(UnreadableFile) as refused:
        list(found.rows)
    assert isinstance(refused.value.what, Said)
    assert (refused.value.what.key, refused.value.what.values["line"]) == ("members.file.not_csv", line + 2)


@pytest.mark.parametrize(("cell", "key"), [
    ("Points_Balance", "points balance"), ("pointsBalance", "points balance"), (" E-mail: ", "e mail"),
    ("\ufeffEmail", "email"), ("EMail", "email"), ("E\u200bmail", "email"), ("\uff30oints", "points"), ("ID2", "id2"),
    ("a..b", "a b"), ("", ""),
])  # fmt: skip
def test_a_heading_is_known_however_it_is_written(cell: str, key: str) -> None:
    assert heading_key(cell) == key


RANKS = (frozenset({"best"}), frozenset({"good", "fine"}))


def test_the_plainest_heading_is_chosen() -> None:
    assert choose(["x", "Good", "BEST"], RANKS, "the points") == 2
    assert choose(["x", "good", "y"], RANKS, "the points") == 1
    assert choose(["best", "good", "fine"], RANKS, "the points") == 0
    assert choose(["x", "y"], RANKS, "the points") is None
    assert choose([], RANKS, "the points") is None


def test_two_that_say_it_alike_are_named() -> None:
    long = "good" + " " * 50
    with pytest.raises(UnreadableFile) as refused:
        choose(["x", "Good", "fine", long], RANKS, "the points")
    assert refused.value.what == Said("members.file.two_columns", what="the points", columns="“Good” and “fine”")


def test_headings_are_told_as_they_stand_twelve_of_them() -> None:
    assert in_words(["a", " ", "B"]) == "“a”, “B”"
    assert in_words(["x" * 40, "y" * 41]) == f"“{'x' * 40}”, “{'y' * 39}…”"
    letters = list("abcdefghijklm")
    assert in_words(letters[:12]) == ", ".join(f"“{each}”" for each in letters[:12])
    assert in_words(letters) == ", ".join(f"“{each}”" for each in letters[:12]) + " and 1 more"
    assert in_words([]) == ""
