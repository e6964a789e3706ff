"""What a ledger holds in memory while it applies entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plugin.rules.points.lots import Lot


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
