"""Every change of a member's tier is written down twice: for good, with its reasons, and as an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.record_event import record
from plugin.rules import subjects
from plugin.rules.events import Event, TierLost, TierReached
from plugin.rules.tiers.tier_rules import Tiers
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import TierChange


def note(conn: Connection, shop_id: int, tiers: Tiers, changes: Sequence[TierChange], now: datetime) -> None:
    """Write the changes down; their members are locked. One that staff made to the same tier is no event."""
    store.add_changes(conn, shop_id, changes)
    record(conn, shop_id, [_event(tiers, one) for one in changes if one.from_tier != one.to_tier], now)


def _event(tiers: Tiers, one: TierChange) -> Event:
    was, to = one.from_tier, one.to_tier
    higher = tiers.rank(to) > tiers.rank(was)
    payload = TierReached(to, was, one.because) if higher else TierLost(was, to, one.because)
    return Event(payload, str(subjects.Member(one.member_id)), one.member_id)
