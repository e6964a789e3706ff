"""Every change of a member's tier is written down twice: for good, with its reasons, and as an event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.record_event import record
from plugin.rules import subjects
from plugin.rules.events import Event, TierLost, TierReached
from plugin.rules.tiers.tier_rules import Tiers
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import TierChange

TOLD = ("order", "staff", "tag")
"""Why a member was lifted who is told of it; not by new rules, nor by a merge."""


def note(
    conn: Connection,
    shop_id: int,
    tiers: Tiers,
    changes: Sequence[TierChange],
    now: datetime,
    quiet: Collection[int] = (),
) -> None:
    """Write the changes down; their members are locked. One that staff made to the same tier is no event.

    Those in `quiet` are not told of a tier that they reached.
    """
    store.add_changes(conn, shop_id, changes)
    moved = [one for one in changes if one.from_tier != one.to_tier]
    record(conn, shop_id, [_event(tiers, one, told=one.member_id not in quiet) for one in moved], now)


def _event(tiers: Tiers, one: TierChange, *, told: bool) -> Event:
    was, to = one.from_tier, one.to_tier
    payload: TierReached | TierLost = TierLost(was, to, one.because)
    if tiers.rank(to) > tiers.rank(was):
        payload = TierReached(to, was, one.because, told=told and one.because in TOLD)
    return Event(payload, str(subjects.Member(one.member_id)), one.member_id)
