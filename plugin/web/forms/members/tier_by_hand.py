"""The forms by which staff put one member into a tier, or many."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from plugin.actions.tiers.watch_tiers import ByHand
from plugin.errors import BadInput
from plugin.rules.words.texts import Said

LONGEST_NOTE = 200


def read(form: Mapping[str, str]) -> ByHand:
    """Which tier, until when, and why; BadInput for a last day that is no date. A form that does not ask tells
    the member."""
    tier, until = form.get("tier", ""), form.get("until", "").strip()
    try:
        day = date.fromisoformat(until) if until and tier else None
    except ValueError:
        raise BadInput(Said("members.error.until_wrong"), {"until": Said("members.error.until")}) from None
    tell = form.get("tell") == "yes" or "asks" not in form
    return ByHand(tier, day, " ".join(form.get("note", "").split())[:LONGEST_NOTE], tell)


def people(form: Mapping[str, str]) -> list[str]:
    """Whom a list names, as it was typed."""
    return [word for word in re.split(r"[\s,;]+", form.get("who", "")) if word]
