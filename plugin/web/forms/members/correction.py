"""The form by which staff give or take a member's points."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plugin.actions.points.adjust_points import GIFTS, LONGEST_NOTE, Adjustment, Kind
from plugin.errors import BadInput
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.points.adjusting import MOST_POINTS
from plugin.rules.words.texts import Said

_WHOLE = re.compile(r"[+\-−]?[0-9]{1,9}")


def read(member_id: int, key: str, form: Mapping[str, str]) -> Adjustment:
    """What the form asks for; BadInput names what is wrong with which field."""
    wrong: dict[str, str] = {}
    text = form.get("points", "").replace(" ", "").replace(",", "")
    points = int(text.replace("−", "-")) if _WHOLE.fullmatch(text) else 0
    if not 0 < abs(points) <= MOST_POINTS:
        wrong["points"] = Said("members.error.points", most=MOST_POINTS)
    note = " ".join(form.get("note", "").split())
    if not note or len(note) > LONGEST_NOTE:
        wrong["note"] = Said("members.error.note", most=LONGEST_NOTE)
    kind: Kind = next((each for each in GIFTS if each == form.get("kind")), "adjusted")
    if kind != "adjusted" and points < 0:
        wrong["points"] = Said("members.error.gift")
    if wrong:
        raise BadInput(NOT_RIGHT, wrong)
    return Adjustment(member_id, key, kind, points, note, form.get("shown") == "yes", form.get("tell") == "yes")
