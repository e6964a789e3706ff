"""What two people changed of one form at the same time, put together field by field: nothing that was typed is lost.

A form is its fields by name, as texts; a field that is not there is empty. Rows of a table are told apart by what
names them, never by their place: a tier that somebody added in between moves those below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

Fields = Mapping[str, str]
Rows = Mapping[str, str]
"""Where rows begin, and the field that names one: `{"tiers.levels": "key"}`."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed, each in their own way: what it was before, mine and theirs."""

    field: str
    before: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The form with the changes of both; where they clash it has mine."""

    values: Mapping[str, str]
    clashes: tuple[Clash, ...]


def merged(before: Fields, mine: Fields, theirs: Fields) -> Merged:
    """Each field as whoever changed it left it. `before` is what both began with."""
    values, clashes = {}, []
    for name in dict.fromkeys((*theirs, *mine, *before)):
        was, own, other = (each.get(name, "") for each in (before, mine, theirs))
        if _same(own, was) or _same(own, other):
            values[name] = other
        else:
            values[name] = own
            if not _same(other, was):
                clashes.append(Clash(name, was, own, other))
    return Merged(_with_rows_kept(values, clashes, mine, theirs), tuple(clashes))


def _same(one: str, other: str) -> bool:
    number = _number(one)
    return _plain(one) == _plain(other) or (number is not None and number == _number(other))


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _with_rows_kept(
    values: Mapping[str, str], clashes: Iterable[Clash], mine: Fields, theirs: Fields
) -> Mapping[str, str]:
    """A row that they removed while I changed it stays whole, until somebody decides."""
    kept = dict(values)
    for row in {_row_of(clash.field) for clash in clashes} - {""}:
        if not any(text for name, text in theirs.items() if name.startswith(row)):
            kept |= {name: text for name, text in mine.items() if name.startswith(row)}
    return kept


def _row_of(name: str) -> str:
    """The part of a name that says which row it is of: `tiers.levels.[silver].`; empty where it is of none."""
    begin, end = name.find(".["), name.rfind("].")
    return name[: end + 2] if 0 < begin < end - 1 else ""


def by_name(fields: Fields, rows: Rows) -> dict[str, str]:
    """The form with each row's place exchanged for its name: `tiers.levels.0.enter` is `tiers.levels.[silver].enter`.

    Rows without a name of their own go by what stands in them first; empty ones are left out.
    """
    found: dict[str, str] = {}
    for name, text in fields.items():
        prefix, place, field = _placed(name, rows)
        if not prefix:
            found[name] = text
        elif label := _label(fields, prefix, place, rows[prefix]):
            found[f"{prefix}.[{label}].{field}"] = text
    return found


def by_place(fields: Fields, rows: Rows) -> dict[str, str]:
    """The way back; rows in the order in which they come, without those that are empty."""
    found: dict[str, str] = {}
    places: dict[tuple[str, str], int] = {}
    full = {_row_of(name) for name, text in fields.items() if text} - {""}
    for name, text in fields.items():
        row = _row_of(name)
        if not row:
            found[name] = text
        elif row in full:
            prefix = row.partition(".[")[0]
            taken = sum(1 for each, _ in places if each == prefix)
            place = places.setdefault((prefix, row), taken)
            found[f"{prefix}.{place}.{name.removeprefix(row)}"] = text
    return found


def place_of(field: str, fields: Fields, rows: Rows) -> str:
    """What a field by the name of its row is called by its place in a form; the same where it stands in no row."""
    named = {label: name for name, label in _labels(fields, rows).items()}
    return named.get(field, field)


def _labels(fields: Fields, rows: Rows) -> dict[str, str]:
    found = {}
    for name in fields:
        prefix, place, field = _placed(name, rows)
        if prefix:
            found[name] = f"{prefix}.[{_label(fields, prefix, place, rows[prefix])}].{field}"
    return found


def _placed(name: str, rows: Rows) -> tuple[str, str, str]:
    for prefix in rows:
        place, _, field = name.removeprefix(f"{prefix}.").partition(".")
        if name.startswith(f"{prefix}.") and place.isdecimal() and field:
            return prefix, place, field
    return "", "", ""


def _label(fields: Fields, prefix: str, place: str, key: str) -> str:
    row = {name: text for name, text in fields.items() if name.startswith(f"{prefix}.{place}.") and text.strip()}
    if own := row.get(f"{prefix}.{place}.{key}", "").strip():
        return own
    return f"+{next(iter(row.values())).strip()}" if row else ""
