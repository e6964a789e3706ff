"""Staff put members into a tier, one or many: the state, a change and a mail for each, whatever the rules say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.members.tell_members import tell
from plugin.actions.tiers.note_tier_changes import note
from plugin.actions.tiers.place_members import place
from plugin.actions.tiers.tier_histories import Histories
from plugin.rules.message_kinds import MessageKind
from plugin.rules.subjects import TierNews
from plugin.rules.tiers.placing import Held
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import TierChange, TierState
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

_UNWARNED: Final[Mapping[str, Any]] = dict.fromkeys(
    ("warned_days", "warned_on", "warned_for", "warned_by", "kept_until"), None
)


def hold(
    conn: Connection,
    shop: Shop,
    version: Version,
    people: Mapping[int, Member],
    changes: Mapping[int, tuple[TierState, Held]],
    reasons: Sequence[object],
    kind: str,
    actor: str,
    now: datetime,
    untold: Collection[int] = (),
) -> None:
    """Write the states down, with a change and a mail for each that is different; then look at all of them.

    There is no bonus for it. `untold`: staff chose not to tell these. The caller has locked `people`, who are those in
    `changes`.
    """
    if not people:
        return
    fresh = [replace(was, held=to, look_why="staff", **_UNWARNED) for was, to in changes.values()]
    store.save(conn, shop.id, fresh)
    if reasons:
        noted = [
            TierChange(key, now, was.held.tier, to.tier, "staff", actor, version.number, reasons)
            for key, (was, to) in changes.items()
        ]
        note(conn, shop.id, version.programme.tiers, noted, now, quiet=people)  # they are told here: undoing stops it
    moved = {key: (was.held.tier, to.tier) for key, (was, to) in changes.items() if was.held.tier != to.tier}
    _tell(conn, shop, version, moved, kind, now, untold)
    place(conn, shop, version, people, Histories(conn, shop, people), now, "staff", quiet=untold)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, people, now)


def _tell(
    conn: Connection, shop: Shop, version: Version, moved: Mapping[int, tuple[str, str]], kind: str, now: datetime,
    untold: Collection[int],
) -> None:  # fmt: skip
    """Nobody's tier changes without a message, also by hand; where staff chose not to tell, it says so."""
    today = shop.day(now)
    rows = [
        {"member_id": key, "kind": kind, "untold": key in untold,
         "subject": str(TierNews(key, to, today) if kind == MessageKind.TIER_REACHED else TierNews(key, was, today, 0))}
        for key, (was, to) in moved.items()
        if (to if kind == MessageKind.TIER_REACHED else was)
    ]  # fmt: skip
    tell(conn, shop, version.programme, rows, now)
