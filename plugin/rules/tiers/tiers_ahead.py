"""What time does to a tier if nothing else happens: its warnings and its loss, by the rules that decide each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plugin.rules.tiers import tier_warnings
from plugin.rules.tiers.placing import Done, Held
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.tiers.tier_warnings import Warned


@dataclass(frozen=True, slots=True)
class Ahead:
    """On a day the member is told that a tier is lost on another, so many days before; 0: it is lost on that day."""

    on: date
    tier: str
    lost_on: date
    days_before: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands: what they did, hold and were told, and the step that their tags give."""

    done: Sequence[Done]
    held: Held
    warned: Warned
    tagged: int = -1


def ahead(stands: Standing, tiers: Tiers, currency: str, look_on: date | None, today: date, until: date) -> list[Ahead]:
    """In order, up to a day, from the next look on; as if each warning had its outcome on its day."""
    found: list[Ahead] = []
    held, warned = stands.held, stands.warned
    day = max(look_on, today) if look_on else None
    while day is not None and day <= until:
        seen = tier_warnings.standing(stands.done, tiers, currency, day, held, stands.tagged, warned)
        look = tier_warnings.after(seen, warned, day)
        if seen.change == "lowered":
            found.append(Ahead(day, held.tier, day, 0))
        elif look.warning and seen.lost_on:
            found.append(Ahead(day, seen.held.tier, seen.lost_on, look.warning))
        if look.warning:
            warned = Warned(look.told, day, seen.lost_on, day)
        elif not look.same:
            warned = Warned(look.told)
        held = seen.held
        day = tier_warnings.next_look(seen, tiers, day, look.told)
    return found
