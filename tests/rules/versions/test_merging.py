"""What two people changed at the same time goes together field by field, and nothing that was typed is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.versions.merging import Clash, by_name, by_place, merged, place_of
from tests.reached import reach, reaches

NAMES = ("name", "points", "value", "tax")
TEXTS = st.sampled_from(("", "1", "2", "3", "yes"))
FORMS = st.fixed_dictionaries(dict.fromkeys(NAMES, TEXTS))
ROWS = {"tiers.levels": "key"}


@reaches(clash=0.2, both=0.2)
@given(FORMS, FORMS, FORMS)
def test_each_field_is_as_whoever_changed_it_left_it(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    found = merged(before, mine, theirs)
    clashes = {each.field for each in found.clashes}
    for name in NAMES:
        was, own, other = before[name], mine[name], theirs[name]
        assert (name in clashes) == (own != was and other != was and own != other)
        assert found.values[name] == (other if own == was else own)
    reach("clash") if clashes else None
    reach("both") if any(mine[n] != before[n] for n in NAMES) and any(theirs[n] != before[n] for n in NAMES) else None


@reaches(changed=0.3)
@given(FORMS, FORMS)
def test_one_change_alone_is_simply_kept_whoever_made_it(before: dict[str, str], after: dict[str, str]) -> None:
    for found in (merged(before, after, before), merged(before, before, after), merged(before, after, after)):
        assert (dict(found.values), found.clashes) == (after, ())
    reach("changed") if before != after else None


@reaches(clash=0.2)
@given(FORMS, FORMS, FORMS)
def test_who_comes_first_changes_only_what_clashes(
    before: dict[str, str], one: dict[str, str], other: dict[str, str]
) -> None:
    here, there = merged(before, one, other), merged(before, other, one)
    assert {each.field for each in here.clashes} == {each.field for each in there.clashes}
    clashing = {each.field for each in here.clashes}
    reach("clash") if here.clashes else None
    assert {n: t for n, t in here.values.items() if n not in clashing} == {
        n: t for n, t in there.values.items() if n not in clashing
    }


@reaches(clash=0.2)
@given(FORMS, FORMS, FORMS)
def test_saved_a_second_time_on_top_of_the_newest_mine_is_what_counts(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    first = merged(before, mine, theirs)
    shown = first.values
    reach("clash") if first.clashes else None
    again = merged(theirs, shown, theirs)
    assert (again.values, again.clashes) == (shown, ())


def test_a_clash_says_what_it_was_and_what_each_wants() -> None:
    found = merged({"points": "1"}, {"points": "2"}, {"points": "3"})
    assert found.clashes == (Clash("points", "1", "2", "3"),)
    assert found.values == {"points": "2"}


def test_how_a_text_is_written_is_no_change() -> None:
    before, theirs = {"value": "5", "lines": "a\nb"}, {"value": "6", "lines": "c"}
    found = merged(before, {"value": "5.00", "lines": " a\r\nb \r\n"}, theirs)
    assert (found.values, found.clashes) == (theirs, ())


def _ladder(*rows: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"tiers.levels.{place}.{name}": text
        for place, row in enumerate(rows)
        for name, text in zip(("key", "name", "bonus"), row, strict=True)
    }


def _together(before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    found = merged(*(by_name(each, ROWS) for each in (before, mine, theirs)))
    values = by_place(found.values, ROWS)
    return values, [place_of(each.field, values, ROWS) for each in found.clashes]


def test_a_row_added_in_between_moves_nothing() -> None:
    before = _ladder(("silver", "Silver", "0"), ("gold", "Gold", "0"))
    theirs = _ladder(("copper", "Copper", "0"), ("silver", "Silver", "0"), ("gold", "Gold", "9"))
    mine = _ladder(("silver", "Silver", "5"), ("gold", "Gold", "0"), ("", "Platinum", "1"), ("", "", ""))
    values, clashes = _together(before, mine, theirs)
    wanted = _ladder(("copper", "Copper", "0"), ("silver", "Silver", "5"), ("gold", "Gold", "9"), ("", "Platinum", "1"))
    assert ({name: text for name, text in values.items() if text}, clashes) == (
        {name: text for name, text in wanted.items() if text},
        [],
    )


def test_a_row_that_one_removed_and_the_other_changed_stays_whole_and_is_shown() -> None:
    before = _ladder(("silver", "Silver", "0"), ("gold", "Gold", "0"))
    mine = _ladder(("silver", "Silver", "5"), ("gold", "Gold", "0"))
    values, clashes = _together(before, mine, _ladder(("gold", "Gold", "0")))
    assert {text for name, text in values.items() if name.endswith(".name")} == {"Silver", "Gold"}
    assert [values[name] for name in clashes] == ["5"]


@reaches(rows=0.3)
@given(st.lists(st.tuples(st.sampled_from("abcd"), TEXTS, TEXTS), unique_by=lambda row: row[0], max_size=4))
def test_rows_come_back_as_they_were(rows: list[tuple[str, str, str]]) -> None:
    ladder = _ladder(*rows)
    assert by_place(by_name(ladder, ROWS), ROWS) == ladder
    reach("rows") if len(rows) > 1 else None
