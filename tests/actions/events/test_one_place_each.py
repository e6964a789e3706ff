"""Each kind of event is written at one place, and points are written only where their events are."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from plugin.rules.events import READERS, TYPES, EventKind
from plugin.what_follows import WHAT_FOLLOWS

ROOT = Path(__file__).parents[3]
LIST = "plugin/rules/events.py"
NO_CAUSE_YET: dict[EventKind, str] = {}
"""Kinds that nothing writes yet, and why. Whoever adds the cause takes the kind from here."""


def calls(path: Path) -> list[str]:
    """The last names of everything that a file calls."""
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            names.append(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return names


def sources() -> list[Path]:
    found = [path for top in ("plugin", "webhooks") for path in sorted((ROOT / top).rglob("*.py"))]
    return [path for path in found if str(path.relative_to(ROOT)) != LIST]


def test_each_kind_is_written_at_exactly_one_place() -> None:
    names = {type_.__name__: kind for kind, type_ in TYPES.items()}
    made = Counter(names[name] for path in sources() for name in calls(path) if name in names)
    assert made == {kind: 1 for kind in EventKind if kind not in NO_CAUSE_YET}


def test_only_one_file_writes_events_and_only_one_writes_points() -> None:
    def who(needle: str) -> list[str]:
        return [str(path.relative_to(ROOT)) for path in sources() if needle in path.read_text()]

    assert who("events.add(") == ["plugin/actions/record_event.py"]
    assert who("accounts.write(") == ["plugin/actions/points/write_points.py"]


def test_the_list_of_what_follows_is_the_one_by_which_readers_are_called() -> None:
    """An event whose kind is in one list alone would be followed late, or never."""
    assert {name: frozenset(kinds) for name, kinds in WHAT_FOLLOWS.items()} == dict(READERS)
