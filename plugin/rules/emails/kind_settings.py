"""What a shop set for each kind of email: whether it goes at all, how long it waits, and the kind's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from plugin.errors import BadInput
from plugin.rules import mistakes
from plugin.rules.emails import hours
from plugin.rules.emails.figures import WAIT, Figure
from plugin.rules.emails.hours import HOUR, USUAL_HOUR
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.texts import Said

KEY: Final = "emails"
"""Under which a shop's settings keep it, by kind."""
ON: Final = "on"
MOST_WAIT_MINUTES: Final = 7 * 24 * 60

ORDERS_WAIT_MINUTES: Final = 5
"""What an order causes, and no other email takes in, comes no sooner: within this time an order is one email."""


@dataclass(frozen=True, slots=True)
class KindSettings:
    """Whether a kind goes, and its figures by name."""

    on: bool
    figures: Mapping[str, int]

    @property
    def stored(self) -> dict[str, object]:
        """As a shop's settings keep it."""
        return {ON: self.on, **self.figures}


def figures_of(kind: MessageKind) -> tuple[Figure, ...]:
    """The numbers that a shop sets for the kind: its wait, where it waits, its own, and its hour, where it has one.

    >>> figures_of(MessageKind.WELCOME)
    ()
    """
    wait = int(kind.about.waits.total_seconds() // 60)
    least = ORDERS_WAIT_MINUTES if kind is MessageKind.THANK_YOU else 0
    waits = (Figure(WAIT, wait, least, MOST_WAIT_MINUTES),) if wait else ()
    hour = (Figure(HOUR, USUAL_HOUR, 0, 23),) if kind.about.clock else ()
    return (*waits, *kind.about.figures, *hour)


def figure_words(kind: MessageKind, name: str) -> str:
    """The key of what a figure counts, for staff.

    >>> figure_words(MessageKind.WIN_BACK, "days")
    'emails.figure.win_back.days'
    """
    if name == HOUR:
        return f"emails.figure.hour_{kind.about.clock}"
    return f"emails.figure.{name}" if name == WAIT else f"emails.figure.{kind.value}.{name}"


def of(settings: Mapping[str, Any], kind: MessageKind) -> KindSettings:
    """What a shop's settings say; the usual where they say nothing, or nothing that can be read."""
    return KindSettings(switched_on(settings, kind), {one.name: _kept(settings, kind, one) for one in figures_of(kind)})


def switched_on(settings: Mapping[str, Any], kind: MessageKind) -> bool:
    """Whether emails of the kind go. A required one always does.

    >>> switched_on({}, MessageKind.WELCOME), switched_on({"emails": {"welcome": {"on": False}}}, MessageKind.WELCOME)
    (True, False)
    """
    chosen = _chosen(settings, kind).get(ON)
    return kind.about.is_required or (chosen if isinstance(chosen, bool) else kind.about.on)


def figure(settings: Mapping[str, Any], kind: MessageKind, name: str) -> int:
    """One of the kind's figures ("days"). KeyError: the kind has no such figure."""
    known = {one.name: one for one in figures_of(kind)}
    return _kept(settings, kind, known[name])


def wait(settings: Mapping[str, Any], kind: MessageKind) -> timedelta:
    """How long after what happened an email of the kind goes."""
    return timedelta(minutes=figure(settings, kind, WAIT)) if kind.about.waits else timedelta()


def read(kind: MessageKind, on: bool, figures: Mapping[str, str]) -> KindSettings:
    """What staff filled in. Raises BadInput, by field; one that must go can't be switched off."""
    if not on and kind.about.is_required:
        raise BadInput(mistakes.NOT_RIGHT, {ON: REQUIRED})
    raw = {one.name: figures.get(one.name, "").strip() for one in figures_of(kind)}
    try:
        return KindSettings(on, _model(kind).model_validate(raw).model_dump())
    except ValidationError as error:
        raise BadInput(mistakes.NOT_RIGHT, mistakes.in_words(error)) from None


def due(
    settings: Mapping[str, Any], kind: MessageKind, day: date, shop: ZoneInfo, reader: ZoneInfo, now: datetime
) -> datetime:
    """When an email of the kind goes that is written down now, on this day of the shop: after its wait, and at its hour
    by its clock, where it has one. `shop` and `reader` are the two zones."""
    at = now + wait(settings, kind)
    if not kind.about.clock:
        return at
    return hours.due(day, figure(settings, kind, HOUR), shop if kind.about.clock == "shop" else reader, at)


REQUIRED: Final = Said("messages.kind_settings.required")


@cache
def _model(kind: MessageKind) -> type[BaseModel]:
    fields: dict[str, Any] = {one.name: (int, Field(ge=one.least, le=one.most)) for one in figures_of(kind)}
    return create_model("Figures", __config__=ConfigDict(frozen=True), **fields)


def _kept(settings: Mapping[str, Any], kind: MessageKind, one: Figure) -> int:
    chosen = _chosen(settings, kind).get(one.name)
    fits = isinstance(chosen, int) and not isinstance(chosen, bool) and one.least <= chosen <= one.most
    return int(chosen) if chosen is not None and fits else one.usual


def _chosen(settings: Mapping[str, Any], kind: MessageKind) -> Mapping[str, Any]:
    kinds = settings.get(KEY)
    found = kinds.get(kind.value) if isinstance(kinds, Mapping) else None
    return found if isinstance(found, Mapping) else {}
