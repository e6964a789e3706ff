"""What a kind of email is: in law, when it goes, and who may switch it off or refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from plugin.rules.emails.figures import Figure
from plugin.rules.emails.hours import Clock

Nature = Literal["transactional", "promotional", "depends"]
"""Transactional: about something the member did or asked for. Promotional goes to those who agreed to marketing, and
to nobody else. Where it depends, the kind's own builder says which it is, message by message."""
OverCap = Literal["skip", "wait"]
"""What becomes of a promotional email to who got as many as the shop allows. Most are about a moment, and would come in
a heap later; one whose content still stands then may wait."""
Confirmation = Literal["ours", "shopify", "none"]
"""The programme's setting for who confirms orders; `none` is the panel's "No mail"."""
NEVER: Final[frozenset[Confirmation]] = frozenset()
NO_MAIL: Final[frozenset[Confirmation]] = frozenset({"none"})
UNLESS_OURS: Final[frozenset[Confirmation]] = frozenset({"none", "shopify"})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One kind. `label` is for staff; `gone` says why one is left out that has nothing to say any more.

    `silent_with` are the settings of "Confirmation mail" with which none is sent (decision 0019). `always`: it proves
    who somebody is, or is about their own data; it goes to those who have left as well, and while emails are paused.
    `optional`: the programme tells of itself, and members may say that they want none of that. `guards`: a warning
    before a loss, which waits for what became of it; while emails are paused it is kept, not left out. `on`: it goes
    unless the shop switches it off. `required`: it can't be switched off. `waits`: how long after what happened it
    goes, if it still has something to say. `clock`: it comes with a day, and goes at the hour that the shop sets, by
    this clock. `figures` are the kind's own numbers that shops set.
    """

    label: str
    gone: str
    nature: Nature = "transactional"
    silent_with: frozenset[Confirmation] = NEVER
    always: bool = False
    optional: bool = False
    guards: bool = False
    over_cap: OverCap = "skip"
    on: bool = True
    required: bool = False
    waits: timedelta = timedelta()
    clock: Clock = ""
    figures: tuple[Figure, ...] = ()

    @property
    def is_required(self) -> bool:
        """Whether it goes whatever the shop wants: the law, a loss, or what the member is owed depends on it."""
        return self.required or self.always or self.guards


def news(label: str, gone: str, clock: Clock = "", **waits: float) -> About:
    """What the programme tells of itself: members may refuse it, and "No mail" silences it."""
    wait = timedelta(**waits)
    return About(label=label, gone=gone, silent_with=NO_MAIL, optional=True, waits=wait, clock=clock)


def offer(label: str, gone: str, *figures: Figure, clock: Clock = "", **waits: float) -> About:
    """What asks members to come, or to come back: off until the shop switches it on."""
    wait = timedelta(**waits)
    return About(
        label=label,
        gone=gone,
        nature="promotional",
        silent_with=NO_MAIL,
        on=False,
        waits=wait,
        clock=clock,
        figures=figures,
    )


class Slot(StrEnum):
    """What emails leave to Retention, off until something fills it: mailings to a segment, win-backs by the member's
    own rhythm, recommended products. The words are `messages.slot.<name>`, and `messages.slot.<name>_needs` for what
    is missing."""

    SEGMENTS = "segments"
    RHYTHM = "rhythm"
    RECOMMENDATIONS = "recommendations"


FILLED: Final[frozenset[Slot]] = frozenset()
"""The slots that something fills."""
EMPTY: Final = tuple(slot for slot in Slot if slot not in FILLED)
