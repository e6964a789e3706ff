"""What members say of themselves: their birthday, which staff can set too, and answers to the shop's questions."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.errors import BadInput
from plugin.rules.activities import judging as rules
from plugin.rules.words.texts import Said


def birthday(form: Mapping[str, str]) -> tuple[int, int] | None:
    """(month, day) of a form, None where both are empty; BadInput for a day that does not exist."""
    month, day = (form.get(name, "").strip() for name in ("birth_month", "birth_day"))
    if not month and not day:
        return None
    numbers = [int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0 for text in (month, day)]
    if not rules.possible(*numbers):
        raise BadInput(Said("members.error.no_day"), {"birth_day": Said("members.error.birthday")})
    return numbers[0], numbers[1]


def answers(form: Mapping[str, str]) -> dict[int, str]:
    """What the fields `answer.0`, `answer.1` … say, in one line each, by their places; empty ones are left out."""
    found = {}
    for name, text in form.items():
        word, _, place = name.partition(".")
        if word == "answer" and place.isascii() and place.isdigit() and len(place) < 4:
            found[int(place)] = " ".join(text.replace("\x00", "").split())
    return {place: text for place, text in found.items() if text}
