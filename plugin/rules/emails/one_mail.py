"""What one order causes within five minutes is one email: which one goes, which ones become parts of it, which wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from plugin.rules.message_kinds import MessageKind

WINDOW: Final = timedelta(minutes=5)
"""What is caused within this time goes together."""
PATIENCE: Final = timedelta(minutes=1)
"""An email that shows the order itself waits no longer than this for others."""
LONGEST: Final = timedelta(minutes=40)
"""After this an email no longer waits for the one that is to take it in: longer than any waits for its code."""
SOON_SECONDS: Final = 2.0
LATER_SECONDS: Final = 30.0
AT_ONCE: Final = frozenset({"order_confirmation", "code_ready"})
"""These show the order's own content, or bring what it promised."""
_FIRST: Final = ("order_confirmation", "code_ready", "thank_you", "points_taken_back")
_RANK: Final = {name: place for place, name in enumerate(dict.fromkeys((*_FIRST, *(one.value for one in MessageKind))))}


@dataclass(frozen=True, slots=True)
class Sibling:
    """One email of a member that the same order caused. `wait`: how long its kind waits; `joins`: it may be a part of
    another, or take others in; `part_of` is the email that it went with."""

    id: int
    kind: MessageKind
    queued: bool
    created_at: datetime
    wait: timedelta = timedelta()
    joins: bool = True
    part_of: int | None = None

    @property
    def moment(self) -> datetime:
        """When it would go if it were alone in the world; what waits no longer than the window counts from its
        beginning."""
        return self.created_at + (self.wait if self.wait > WINDOW else timedelta())

    @property
    def leads(self) -> bool:
        """Whether it may take others in. Of one that may turn out to be promotional nobody knows when it goes."""
        return self.joins and self.kind.about.nature == "transactional"


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of an email that is due: it waits so many seconds, or goes, with these in it."""

    wait_seconds: float = 0.0
    parts: tuple[int, ...] = ()


def due(kind: MessageKind, created_at: datetime, wait: timedelta) -> datetime:
    """When an email that an order caused is to go at the earliest."""
    return created_at + (wait if kind in AT_ONCE else max(wait, WINDOW))


def plan(mine: Sibling, siblings: Iterable[Sibling], now: datetime, *, more_to_come: bool) -> Plan:
    """`siblings`: all that the order caused, this one among them; `more_to_come`: it is known that more follows from
    the order, which is not written down yet."""
    own = tuple(one.id for one in siblings if one.part_of == mine.id)
    if not mine.joins or mine.kind.about.nature == "promotional":
        return Plan(parts=own)
    family = _family(mine, [one for one in siblings if one.joins and one.kind.about.nature != "promotional"])
    waiting = [one for one in family if one.queued]
    leader = min((one for one in waiting if one.leads), key=_rank, default=mine)
    if leader.id != mine.id:
        late = now - max(mine.created_at, mine.moment) >= LONGEST
        return Plan(parts=own) if late else Plan(LATER_SECONDS)
    if (seconds := _still(mine, family, now, more_to_come=more_to_come)) > 0:
        return Plan(seconds)
    others = (one.id for one in waiting if one.id != mine.id and mine.leads)
    return Plan(parts=tuple(sorted({*own, *others})))


def _still(mine: Sibling, family: Sequence[Sibling], now: datetime, *, more_to_come: bool) -> float:
    """How long the leading one waits for others yet, in seconds."""
    if mine.kind in AT_ONCE:
        return SOON_SECONDS if more_to_come and now < mine.created_at + PATIENCE else 0.0
    if mine.wait > WINDOW:
        return (mine.moment - now).total_seconds()
    return (family[0].moment + WINDOW - now).total_seconds()


def _family(mine: Sibling, siblings: Sequence[Sibling]) -> list[Sibling]:
    """Those of the same five minutes, the first of them first: windows follow each other, each from its first on."""
    found: list[Sibling] = []
    for one in sorted({one.id: one for one in (*siblings, mine)}.values(), key=lambda one: (one.moment, one.id)):
        if found and one.moment > found[0].moment + WINDOW:
            if mine in found:
                return found
            found = []
        found.append(one)
    return found


def _rank(one: Sibling) -> tuple[int, int]:
    return _RANK[one.kind.value], one.id
