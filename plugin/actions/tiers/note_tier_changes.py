"""Every change of a member's tier is written down twice: for good, with its reasons, and as an event."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    by_order: Mapping[int, int] | None = None,
) -> None:
    """Write the changes down; their members are locked. One that staff made to the same tier is no event.

    Those in `quiet` are not told of a tier that they reached. `by_order`: whose order it was, by member.
    """
    store.add_changes(conn, shop_id, changes)
    moved = [one for one in changes if one.from_tier != one.to_tier]
    orders = by_order or {}
    happened = [_event(tiers, one, orders.get(one.member_id), told=one.member_id not in quiet) for one in moved]
    record(conn, shop_id, happened, now)


def _event(tiers: Tiers, one: TierChange, order: int | None, *, told: bool) -> Event:
    was, to = one.from_tier, one.to_tier
    payload: TierReached | TierLost = TierLost(was, to, one.because)
    if tiers.rank(to) > tiers.rank(was):
        payload = TierReached(to, was, one.because, told=told and one.because in TOLD, order=order)
    return Event(payload, str(subjects.Member(one.member_id)), one.member_id)
