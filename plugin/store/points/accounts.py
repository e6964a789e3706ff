"""What goes into a ledger, and what it holds in memory while it applies it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from plugin.rules.points.lots import Draw, Lot
from plugin.rules.subjects import Expiry
from plugin.rules.values.quick import quickly_made
from plugin.store.points.expiry import Ended


@quickly_made
@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger row to come. `available_at` and `expires_at` matter for credits only.

    `available_only`: a debit that draws on what can be spent at `effective_at`, and fails where that is
    too little. `back_to`: a credit that fills these lots again instead of a new one. `lot_id`: a debit
    that empties this lot. `earned_at`: from when a credit's lot ages, if not from `effective_at`.
    """

    member_id: int
    kind: str
    points: int
    subject: str
    line: int
    effective_at: datetime
    actor: str
    programme_version: int | None = None
    reason: Mapping[str, object] = field(default_factory=dict)
    available_at: datetime | None = None
    expires_at: datetime | None = None
    available_only: bool = False
    back_to: tuple[Draw, ...] = ()
    lot_id: int | None = None
    earned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as it was written: its number, and the member's balance after it."""

    id: int
    entry: Entry
    balance: int


@dataclass(slots=True)
class Account:
    """A member's sums while a ledger holds them."""

    balance: int
    debt: int
    active_at: datetime
    lots: dict[int, Lot] | None = None  # None: not needed so far
    touched: bool = False


@dataclass(frozen=True, slots=True)
class NewLot:
    """A lot to come, and what only its row says."""

    member_id: int
    points: int
    lot: Lot
    announced: bool
    earned_at: datetime
    look_at: datetime | None


def ended_first(clawback: Entry, left: int, ended: Iterable[Ended]) -> list[Entry]:
    """What has to come back before a clawback, so that nobody loses points twice: what it takes beyond the `left`
    points of its own lots, as far as that had ended unused."""
    missing, entries = -clawback.points - left, []
    for each in ended:
        if (points := min(each.points, missing)) > 0:
            entries.append(_came_back(clawback, each, points))
            missing -= points
    return entries


def _came_back(clawback: Entry, ended: Ended, points: int) -> Entry:
    """Into its own lot; what was a merged member's, into one that ends at once, so that the clawback takes it first."""
    return replace(
        clawback,
        kind="expired_back",
        points=points,
        subject=str(Expiry(ended.lot_id)),
        line=ended.line + 1,
        reason={**clawback.reason, "reasons": [["ended_before", {"points": points}]], "of": clawback.subject},
        back_to=(Draw(ended.lot_id, points),) if ended.own else (),
        expires_at=clawback.effective_at,
    )
