"""What every form of the programme asks beside its own fields: a note, and from which day it is to hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from plugin.actions.programme.edits import Edit
from plugin.actions.programme.publish_programme import ON
from plugin.rules.words.texts import Said


def read(form: Mapping[str, str], based_on: int, actor: str, now: datetime) -> Edit:
    """The edit of a form that began with a version; a day that is none is wrong at its field."""
    text, day, wrong = form.get(ON, "").strip(), None, {}
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        wrong[ON] = Said("frame.wrong.day")
    return Edit(based_on, actor, now, form.get("note", ""), day, ON not in form, wrong)
