"""Points are written: the entries of a ledger, beside each the event that says what it was, and the email of a loss."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from plugin.actions.points.tell_losses import tell
from plugin.actions.record_event import record
from plugin.rules.events import (
    Event,
    Payload,
    PointsCorrected,
    PointsEarned,
    PointsExpired,
    PointsReturned,
    PointsSpent,
    PointsTakenBack,
)
from plugin.rules.points.losses import CLAWBACKS
from plugin.store.points.accounts import PostedEntry
from plugin.store.points.ledger import Ledger

EARNED: Final = frozenset("earned activity welcome gift milestone automatic referral tier_bonus".split())
RETURNED: Final = frozenset(("returned", "expired_back"))
CORRECTED: Final = frozenset("adjusted undone merged forgiven set_off".split())
TAKEN_BACK: Final = CLAWBACKS
SPENT, EXPIRED = "spent", "expired"


def write(accounts: Ledger, now: datetime, *, unheard_of: bool = False) -> None:
    """Write everything posted so far, each entry with its event, and what tells the member where it takes points.

    `unheard_of`: what is taken back is what staff gave without telling, which is no news either.
    """
    posted = accounts.write({} if unheard_of else tell(accounts.conn, accounts.shop_id, accounts.posted, now))
    happened = [Event(payload_of(one), one.entry.subject, one.entry.member_id) for one in posted]
    record(accounts.conn, accounts.shop_id, happened, now)


def payload_of(one: PostedEntry) -> Payload:
    """What an entry is as an event. ValueError for a kind of entry that is in no list."""
    entry, points, why = one.entry, abs(one.entry.points), one.entry.kind
    if why in EARNED:
        return PointsEarned(one.id, points, one.balance, why, entry.available_at or entry.effective_at)
    if why in TAKEN_BACK:
        return PointsTakenBack(one.id, points, one.balance, why)
    if why in RETURNED:
        return PointsReturned(one.id, points, one.balance, why)
    if why in CORRECTED:
        return PointsCorrected(one.id, entry.points, one.balance, why)
    if why == SPENT:
        return PointsSpent(one.id, points, one.balance)
    if why == EXPIRED and entry.lot_id is not None:
        return PointsExpired(one.id, points, one.balance, entry.lot_id)
    raise ValueError(f"no event for entries of the kind {why}")
