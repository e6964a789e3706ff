"""Each file of somebody else is recognised, and comes to its own sums; the people it names are read as they are."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from plugin.rules.imports.lines import Row
from tests.rules.imports.foreign_files import EXPECTED, FOLDER, apart, points_of
from tests.rules.imports.reading import Found, read


def of(name: str) -> Found:
    """As guessed; staff choose the app they come from, and a column that nobody can know."""
    content, said = (FOLDER / name).read_bytes(), EXPECTED[name]
    points_as = "add" if said["duplicates"]["policy"] == "sum" else "set"
    return read(content, source=said["source"], columns=apart(name).columns, points_as=points_as)


def once(found: Found) -> list[Row]:
    """Each person's first line; every line where all are added up."""
    if found.chosen.points_as == "add":
        return list(found.rows)
    first: dict[object, Row] = {}
    for row in found.rows:
        first.setdefault(row.email.casefold() or row.customer_id, row)
    return list(first.values())


def test_every_file_has_its_sums() -> None:
    assert {each.name for each in FOLDER.iterdir()} - {"expected.json"} == EXPECTED.keys()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_app_is_guessed_or_left_to_staff_but_never_another_one(name: str) -> None:
    assert read((FOLDER / name).read_bytes()).chosen.source in (EXPECTED[name]["source"], "plain")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_comes_to_its_own_sums(name: str) -> None:
    found, said, differs = of(name), EXPECTED[name], apart(name)
    rows = once(found)
    people = {row.email.casefold() or row.customer_id for row in rows}
    assert len(people) == said["members"] + differs.members
    assert len(found.problems) == said["bad_lines"] + differs.bad
    assert sum(row.points or 0 for row in rows) == points_of(name)
    of_people = {row.email.casefold() or row.customer_id: row for row in reversed(rows)}.values()
    assert sum(row.birthday is not None for row in of_people) == said["with_birthday"] + differs.birthdays
    assert sum(bool(row.tier) for row in of_people) == said["with_tier"] + differs.tiers
    assert sum(bool(row.referral) for row in of_people) == said["with_referral_code"]
    assert sum(row.excluded for row in of_people) == said["excluded"] + differs.excluded
    if not said["duplicates"]["repeated_lines"]:
        assert sum(row.lifetime or 0 for row in rows) == (said["lifetime_points"] or 0) + differs.lifetime
    if not differs.tiers:
        tiers = Counter(row.tier.casefold() for row in of_people if row.tier)
        assert tiers == {tier.casefold(): count for tier, count in said["tiers"].items()}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_people_that_a_file_names_are_read_as_they_are(name: str) -> None:
    by_email = {row.email.casefold(): row for row in reversed(of(name).rows)}
    said = EXPECTED[name]
    repeated = said["duplicates"]["repeated_lines"]
    for person in said["people"]:
        row = by_email.get(person["email"].casefold()) if person["email"] else None
        if row is None:
            assert not person["email"]
            continue
        if not repeated:
            assert abs((row.points or 0) - person["points"]) <= (0.5 if said["source"] == "growave" else 0)
        assert (row.birthday and "{:02}-{:02}".format(*row.birthday)) == (
            person["birthday"] and person["birthday"][-5:]
        )
        assert row.tier.casefold() == (person["tier"] or "").casefold()
        assert (row.joined and row.joined.isoformat()) == person["joined"]
        assert row.referral == (person["referral_code"] or "").casefold()
        assert row.excluded == (person["state"] == "excluded") or apart(name).excluded
        if {"name", "first_name"} & of(name).columns.keys():
            assert f"{row.first_name} {row.last_name}".strip() == _one_line(person["name"])


def _one_line(name: Any) -> str:
    return " ".join(str(name or "").split())
