"""What staff ask to be saved of the programme: who, what they began with, when it is to hold, and a part as drafted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Edit:
    """Who saves, and now; the version they began with, a note, and from which day it is to hold (None: at once).

    `keeps_day`: nobody was asked when, so a planned version keeps its day. `wrong`: what could not be read, by field.
    """

    based_on: int
    actor: str
    now: datetime
    note: str = ""
    day: date | None = None
    keeps_day: bool = True
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A part of the programme as staff drafted it: values by field of the part, which nobody has checked yet.

    `wrong`: what could not be read, by field of the form; `at` says how the form calls a field of the programme.
    """

    values: Mapping[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)
    at: Callable[[str], str] = str
