"""What is different between two versions of a programme, field by field, as a merchant reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from plugin.rules.explain import plain
from plugin.rules.programme import Programme
from plugin.rules.words.programme import COMMON, FIELDS, PARTS, VALUES, WEEKDAYS

LONGEST: Final = 80
NOTHING: Final = "–"
NAMES_THINGS: Final = ("reward", "tier", "tiers", "tier_rates", "prices", "tier_points")
"""Fields and lists that hold the ids of rewards and tiers."""
MOMENTS: Final = ("starts_at", "ends_at", "begins_at")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is different. A thing that is new, or gone, is one change: its `old` or `new` says so."""

    field: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """One line: `Earning, points: 1 → 2`."""
        return f"{self.field}: {self.old} → {self.new}"


def changes(old: Programme, new: Programme) -> list[Change]:
    """Every difference, in the order of the programme."""
    before, after = (spread(each.model_dump()) for each in (old, new))
    found = _Comparison(_names(before) | _names(after))
    for part in Programme.model_fields:
        found.compare((part,), PARTS.get(part, ""), before[part], after[part])
    return found.changes


def only_switches(old: Programme, new: Programme) -> bool:
    """Whether nothing but what is paused differs, and something does."""
    return old != new and _without_switches(spread(old.model_dump())) == _without_switches(spread(new.model_dump()))


def _without_switches(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_switches(each) for key, each in value.items() if key != "active"}
    return [_without_switches(each) for each in value] if isinstance(value, list) else value


def spread(value: Any) -> Any:
    """Plain lists, dicts, texts and numbers; sets in one order always, amounts as decimals."""
    if isinstance(value, dict):
        return {str(key): spread(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [spread(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def label(path: Path) -> str:
    """What a field is called."""
    return FIELDS.get(".".join(path), COMMON.get(path[-1], path[-1].replace("_", " ")))


class _Comparison:
    """Gathers what is different. `path` is where a value stands, `part` what that part or thing is called."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.changes: list[Change] = []
        self._names = names

    def compare(self, path: Path, part: str, old: Any, new: Any) -> None:
        """Add what is different from here on."""
        if old == new:
            return
        if ".".join(path) in PARTS and isinstance(old, dict):
            for field in dict.fromkeys((*old, *new)):
                inner = (*path, field)
                self.compare(inner, PARTS.get(".".join(inner), part), old.get(field), new.get(field))
        elif _things(old) or _things(new):
            self._compare_things(path, old or [], new or [])
        elif isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys((*old, *new)):
                self._add(f"{part}, {label(path)} {self._named(path, key)}", path, old.get(key), new.get(key))
        else:
            name = label(path)
            self._add(f"{part}, {name}" if part and name else part or name, path, old, new)

    def _add(self, field: str, path: Path, old: Any, new: Any) -> None:
        if old != new:
            self.changes.append(Change(field, self._words(path, old), self._words(path, new)))

    def _compare_things(self, path: Path, old: list[Any], new: list[Any]) -> None:
        """A list of rewards, tiers, rules …: what is new, what is gone, what changed within one, and their order."""
        before, after = ({_key(each, place): each for place, each in enumerate(things)} for things in (old, new))
        what, kept = PARTS[".".join(path)], [key for key in before if key in after]
        for key in dict.fromkeys((*before, *after)):
            part = f"{what} “{(after.get(key) or before[key]).get('name') or self._named(path, key)}”"
            if key in kept:
                for field in dict.fromkeys((*before[key], *after[key])):
                    self.compare((*path, field), part, before[key].get(field), after[key].get(field))
            else:
                self.changes.append(Change(part, *((NOTHING, "added") if key in after else ("existing", "removed"))))
        if kept != [key for key in after if key in before]:
            self.changes.append(Change(f"{what}, order", self._listed(path, before), self._listed(path, after)))

    def _listed(self, path: Path, things: Mapping[str, Any]) -> str:
        return _short(", ".join(each.get("name") or self._named(path, key) for key, each in things.items()))

    def _named(self, path: Path, key: str) -> str:
        """The name of the reward or tier that an id stands for."""
        return self._names.get(key, key) if path[-1] in NAMES_THINGS else key

    def _words(self, path: Path, value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return _short(", ".join(self._words(path, each) for each in value))
        if path[-1] == "weekdays" and value is not None:
            return WEEKDAYS[value]
        if path[-1] in MOMENTS and value is not None:
            return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        text = plain(f"{value:f}") if isinstance(value, Decimal) else "" if value is None else str(value)
        return _short(self._named(path, VALUES.get(".".join(path), {}).get(text, text)))


def _names(programme: Mapping[str, Any]) -> dict[str, str]:
    """What the ids of rewards and tiers stand for."""
    found = {tier["key"]: tier["name"] for tier in programme["tiers"]["levels"]}
    return found | {reward["id"]: reward["name"] for reward in programme["rewards"]}


def _things(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _key(thing: Mapping[str, Any], place: int) -> str:
    if "most" in thing and "per" in thing:
        return f"{thing['of']} a {'lifetime' if thing['per'] == 'total' else thing['per']}"
    return str(next((thing[name] for name in ("key", "id", "currency", "tier", "name") if thing.get(name)), place))


def _short(text: str) -> str:
    one_line = ", ".join(text.split("\n"))
    return (one_line[: LONGEST - 1] + "…" if len(one_line) > LONGEST else one_line) or NOTHING
