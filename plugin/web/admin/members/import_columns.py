"""What staff choose for a file of members: its source, what each column is, how points, days and tiers are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from plugin.errors import BadInput
from plugin.rules.imports import choices
from plugin.rules.imports.choices import Choices, Shown
from plugin.rules.imports.dates import ORDERS, Order
from plugin.rules.imports.meanings import Meaning
from plugin.rules.imports.sources import BY_KEY
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.words.texts import Said

ASSIGNED = tuple(meaning for meaning in Meaning if meaning is not Meaning.CONSENT)
NO_TIER = "-"
MOST_TIERS = 40
MOST_RATE = 1_000_000


def read(form: Mapping[str, str], headings: Sequence[str], columns: Sequence[Shown], before: Choices) -> Choices:
    """What is chosen; with another source than before, what the file means if it is from there. BadInput: a mistake."""
    source = form.get("source", "")
    if source in BY_KEY and source != before.source:
        return choices.guess(headings, columns, source)
    wrong: dict[str, str] = {}
    places: dict[Meaning, int] = {}
    for at in range(len(headings)):
        meaning = _meaning(form.get(f"column_{at}", ""))
        if meaning is not None and meaning in places:
            wrong[f"column_{at}"] = Said("members.import.twice", column=headings[places[meaning]][:40])
        elif meaning is not None:
            places[meaning] = at
    until = _day(form.get("keep_tiers_until", ""), wrong)
    theirs, ours = (_number(form, name, getattr(before, name), wrong) for name in ("theirs", "ours"))
    if wrong:
        raise BadInput(NOT_RIGHT, wrong)
    orders = _orders(form, places, before)
    return Choices(
        before.source,
        places,
        "add" if form.get("points_as") == "add" else "set",
        orders,
        (),
        _tiers(form),
        until or before.keep_tiers_until,
        theirs,
        ours,
    )


def _meaning(said: str) -> Meaning | None:
    return Meaning(said) if said in ASSIGNED else None


def _orders(form: Mapping[str, str], places: Mapping[Meaning, int], before: Choices) -> dict[Meaning, Order]:
    """As chosen; a column that was something else before is looked at anew."""
    return {
        meaning: said
        for meaning in (Meaning.BIRTHDAY, Meaning.JOINED)
        if (said := form.get(f"order_{meaning}", "")) in ORDERS and places.get(meaning) == before.columns.get(meaning)
    }


def _tiers(form: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for at in range(MOST_TIERS):
        name, key = form.get(f"tier_name_{at}", ""), form.get(f"tier_{at}", "")
        if name and key:
            found[name] = "" if key == NO_TIER else key
    return found


def _number(form: Mapping[str, str], name: str, before: int, wrong: dict[str, str]) -> int:
    """A side of the rate; as before where the form doesn't ask."""
    said = form.get(name, str(before)).strip()
    if not said.isascii() or not said.isdigit() or not 0 < int(said) <= MOST_RATE:
        wrong[name] = Said("members.import.rate", most=MOST_RATE)
        return before
    return int(said)


def _day(said: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        wrong["keep_tiers_until"] = Said("members.import.no_day")
        return None


def shown(chosen: Choices, headings: Sequence[str], tiers: Mapping[str, Any]) -> dict[str, str]:
    """The form as it is chosen; `tiers` are the names that the file has."""
    by_place = {at: meaning for meaning, at in chosen.columns.items() if meaning is not Meaning.CONSENT}
    values = {f"column_{at}": str(by_place.get(at, "")) for at in range(len(headings))}
    values |= {f"order_{meaning}": order for meaning, order in chosen.orders.items()}
    values |= {"source": chosen.source, "points_as": chosen.points_as}
    values |= {"theirs": str(chosen.theirs), "ours": str(chosen.ours)}
    values["keep_tiers_until"] = chosen.keep_tiers_until.isoformat() if chosen.keep_tiers_until else ""
    for at, name in enumerate(list(tiers)[:MOST_TIERS]):
        given = chosen.tiers.get(name)
        values[f"tier_{at}"] = NO_TIER if given == "" else given or ""
    return values
