"""The form of an endpoint: where events go, which of them, and with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin.actions.automation.endpoints import Wish
from plugin.rules.events import EventKind
from plugin.rules.outgoing.conditions import COMPARES, MOST, Condition
from plugin.store.automation.endpoints import Endpoint

AT_FIRST = {"at_once": "4"}


def wish_of(form: Mapping[str, str], kinds: Sequence[str], allowed: frozenset[str]) -> Wish:
    """What somebody filled in; all kinds ticked means every kind, those to come too."""
    chosen = tuple(kind for kind in EventKind if kind.value in kinds)
    at_once = form.get("at_once", "").strip()
    return Wish(
        name=form.get("name", ""),
        url=form.get("url", ""),
        kinds=() if len(chosen) == len(EventKind) else chosen,
        conditions=tuple(_conditions(form)),
        personal=form.get("personal") == "yes",
        at_once=int(at_once) if at_once.isdecimal() and len(at_once) < 6 else 0,
        allowed=allowed,
    )


def _conditions(form: Mapping[str, str]) -> list[Condition]:
    found = []
    for place in range(MOST):
        name, value = form.get(f"field_{place}", ""), form.get(f"value_{place}", "").strip()
        compare = next((one for one in COMPARES if one == form.get(f"compare_{place}", "")), COMPARES[0])
        if name or value:
            found.append(Condition(name[:60], compare, value[:200]))
    return found


def values_of(one: Endpoint) -> dict[str, str]:
    """The form's fields for an endpoint."""
    values = {"name": one.name, "url": one.url, "at_once": str(one.at_once), "personal": "yes" if one.personal else ""}
    for place, condition in enumerate(one.conditions):
        values |= {
            f"field_{place}": condition.field,
            f"compare_{place}": condition.compare,
            f"value_{place}": condition.value,
        }
    return values | {f"kind.{kind.value}": "yes" for kind in one.kinds}


def typed(form: Mapping[str, str], kinds: Sequence[str]) -> dict[str, str]:
    """The form's fields as they were sent, to show them again."""
    return {**form, **{f"kind.{kind}": "yes" for kind in kinds}}
