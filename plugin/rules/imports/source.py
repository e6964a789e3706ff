"""Another app's file of members: how it is known, and what its headings mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from plugin.rules.imports.meanings import Meaning
from plugin.rules.imports.table_file import Ranks

PointsAs = Literal["set", "add"]
"""Whether the file says what members hold, or what they are given."""
EXCLUDED_WORDS = frozenset(
    ("true", "yes", "y", "1", "x", "blocked", "excluded", "banned", "disabled", "left", "opted out", "unenrolled")
)
"""What a cell says of somebody who takes no part."""
OUT_WORDS = EXCLUDED_WORDS - frozenset(("true", "yes", "y", "1", "x")) | frozenset(("false", "no", "n", "0"))
"""The same in a column that says who does take part."""


@dataclass(frozen=True, slots=True)
class Source:
    """`tells` are headings that hardly anybody else writes; `all_of` a whole first line that is only this app's.

    `columns` come before what the headings mean in general; `others` are headings that would be taken for something
    they are not. `dates` is the order in which the app writes days where a cell can be read in two ways; points with
    `decimals` are rounded, half up; `excluded` are the words for somebody who takes no part. In a year before 1900
    nobody was born: the app has no year then.
    """

    key: str
    name: str
    tells: frozenset[str] = frozenset()
    all_of: tuple[frozenset[str], ...] = ()
    columns: Mapping[Meaning, Ranks] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    points_as: PointsAs = "set"
    dates: str = ""
    decimals: bool = False
    excluded: frozenset[str] = EXCLUDED_WORDS
