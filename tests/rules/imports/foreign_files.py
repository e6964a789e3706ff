"""Files of other apps by somebody who had not seen what reads them, with the sums that they added up themselves.

Everybody in them is invented. `expected.json` says of each file what is in it, and in `notes` why it is hard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugin.rules.imports.meanings import Meaning

FOLDER = Path(__file__).parent / "foreign"
EXPECTED: Mapping[str, Mapping[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Apart:
    """What differs from the file's own sums, and why: lines of people who have only a phone are left out, people of
    whom only the customer ID is good come along; `columns` are those that staff have to assign by their heading."""

    members: int = 0
    bad: int = 0
    points: int = 0
    birthdays: int = 0
    tiers: int = 0
    excluded: int = 0
    lifetime: int = 0
    columns: Mapping[Meaning, str] = field(default_factory=dict)


APART: Mapping[str, Apart] = {
    "growave-points-gid.csv": Apart(members=1, bad=-1, points=13),
    "joy-customers-excel-vn.csv": Apart(bad=0),
    "loyaltylion-customers-export.csv": Apart(members=1, bad=-1, points=55),
    "stamped-customers-export.tsv": Apart(members=1, bad=-1, points=5, lifetime=5),
    "plain-excel-es-cp1252.csv": Apart(members=-3, bad=3, points=-6006, birthdays=-2, tiers=-2),
    "plain-owner-list.csv": Apart(
        members=-9, bad=9, points=-665715, birthdays=-5, tiers=-6, excluded=-5, columns={Meaning.TIER: "Card"}
    ),
    "plain-messy.csv": Apart(columns={Meaning.JOINED: "date"}),
}


def apart(name: str) -> Apart:
    """What of this file differs; nothing of most."""
    return APART.get(name, Apart())


def points_of(name: str) -> int:
    """The sum of the points, where each person counts as often as the file means it; growave's are rounded."""
    said = EXPECTED[name]
    rule = "sum" if said["duplicates"]["policy"] == "sum" else "first"
    rounded = said.get("points_total_rounded")
    if rounded is None:
        return int(said["duplicates"]["points_total_if"][rule]) + apart(name).points
    last = said["duplicates"]["points_total_if"]["last"] - said["duplicates"]["points_total_if"][rule]
    return int(rounded["round_each"]) - round(last) + apart(name).points
