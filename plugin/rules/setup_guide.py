"""The six steps from installing to a programme that shoppers meet, and which of them are done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plugin.rules.places import BY_KEY, State, Where

STEPS: Final = ("programme", "mail", "storefront", "checkout", "order", "launch")
_MEETS: Final = {"storefront": {Where.STOREFRONT}, "checkout": {Where.CHECKOUT, Where.ACCOUNT}}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a shop: whether staff saved rules and a brand, the places' states, whether an order
    came, and whether it is launched."""

    saved_rules: bool
    saved_brand: bool
    places: Mapping[str, State]
    had_order: bool
    launched: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `hidden`: staff have put it away."""

    key: str
    done: bool
    hidden: bool


def steps(known: Known, hidden: Iterable[str]) -> tuple[Step, ...]:
    """Every step, in order."""
    done = {
        "programme": known.saved_rules,
        "mail": known.saved_brand,
        "order": known.had_order,
        "launch": known.launched,
        **{step: _stands_in(where, known.places) for step, where in _MEETS.items()},
    }
    away = frozenset(hidden)
    return tuple(Step(key, done[key], key in away) for key in STEPS)


def _stands_in(where: set[Where], places: Mapping[str, State]) -> bool:
    return any(BY_KEY[key].where in where for key, state in places.items() if state is State.ACTIVE)


def goes_on(guide: Iterable[Step]) -> bool:
    """Whether the guide is still to be shown: a step is neither done nor put away."""
    return any(not step.done and not step.hidden for step in guide)
