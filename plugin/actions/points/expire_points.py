"""Points come to their end: warn in time, then take what was not used.

One run looks at every lot that is due, a batch of members to a transaction, and can be stopped and
started again anywhere: what a lot is due for is decided anew, under the member's lock, from the lot itself.
Once after each change of the policy, and once a day besides, it walks through all lots, so that each
one's end is what the rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.members.tell_members import send, write
from plugin.actions.points import write_points
from plugin.actions.record_event import record
from plugin.actions.work.work import Work
from plugin.rules import reach, subjects
from plugin.rules.events import Event, PointsExpiring
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points import expiry as rules
from plugin.rules.points.expiry import Held, Verdict
from plugin.rules.reach import Surface
from plugin.store.database.db import shop_transaction
from plugin.store.points import expiry
from plugin.store.points.expiry import Calendar
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import launches, shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

EXPIRED = "expired"
LOTS_A_BATCH = 500
MEMBERS_A_BATCH = 250
WALK = "expiry_walk"
WALK_AGAIN = timedelta(hours=24)
SEEN_AFTER = timedelta(hours=1)
"""A transaction that began under the older policy has ended by then: one more walk sees what it wrote."""
Judged = list[tuple[Held, Verdict]]
Batch = Callable[[Connection, Shop, Calendar, datetime], bool]


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Bring every lot of the shop up to date; before the launch, those of test members."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        calendar = expiry.calendar(conn, shop.id, now)
        if not calendar.ever:
            return
        if not reach.ask(shop.launch, reach.NOBODY, Surface.SETTLING).reaches:
            trying = [one.id for one in launches.test_members(conn, shop.id)]
            bring_up_to_date(conn, shop, calendar, trying, now)
            return
    while _step(work, shop.id, _walk):
        pass
    while _step(work, shop.id, _due):
        pass


def _step(work: Work, shop_id: int, batch: Batch) -> bool:
    now = work.clock()
    with shop_transaction(work.engine, shop_id) as conn:
        return batch(conn, shops.get(conn, shop_id), expiry.calendar(conn, shop_id, now), now)


def _due(conn: Connection, shop: Shop, calendar: Calendar, now: datetime) -> bool:
    """One batch of the lots that are due; says whether there was any."""
    ids = expiry.due_members(conn, shop.id, now, LOTS_A_BATCH)
    bring_up_to_date(conn, shop, calendar, ids, now)
    return bool(ids)


def _walk(conn: Connection, shop: Shop, calendar: Calendar, now: datetime) -> bool:
    """One batch of the walk through all lots, if one is due; says whether there may be more."""
    state = _walking(shop, calendar, now)
    if state is None:
        return False
    ids = expiry.members_after(conn, shop.id, int(str(state["after"])), MEMBERS_A_BATCH)
    bring_up_to_date(conn, shop, calendar, ids, now)
    changed = {"after": ids[-1]} if ids else {"done": True}
    shops.merge_settings(conn, shop.id, {WALK: {**state, **changed}})
    return bool(ids)


def _walking(shop: Shop, calendar: Calendar, now: datetime) -> dict[str, object] | None:
    """Where the walk that is due stands; None when none is due."""
    state = dict(shop.settings.get(WALK) or {})
    policy = calendar.changed_at.isoformat() if calendar.changed_at else ""
    fresh: dict[str, object] = {"policy": policy, "began": now.isoformat(), "after": 0, "done": False}
    if state.get("policy") != policy:
        return fresh
    if not state["done"]:
        return state
    began = datetime.fromisoformat(state["began"])
    seen_by = calendar.changed_at + SEEN_AFTER if calendar.changed_at else began
    again = calendar.policy.rules.policy != "never" and now - began >= WALK_AGAIN
    return fresh if again or began < seen_by <= now else None


def bring_up_to_date(
    conn: Connection, shop: Shop, calendar: Calendar, member_ids: Sequence[int], now: datetime
) -> None:
    """Do what is due for every lot of these members: note its end, warn of it, or take what is left."""
    if not member_ids:
        return
    accounts = Ledger(conn, shop.id, member_ids)
    held = expiry.link(conn, shop.id, expiry.held(conn, shop.id, member_ids))
    judged = [(lot, rules.judge(lot, calendar.policy, calendar.zone, now)) for lot in held]
    lost = [(lot, verdict) for lot, verdict in judged if verdict.act == "expire"]
    warned_by = _warn(conn, shop, [each for each in judged if each[1].act == "warn"], now)
    expiry.note(conn, shop.id, [each for each in judged if each[1].act != "expire"], warned_by, now)
    accounts.post(_entries(conn, shop.id, lost, calendar.zone), now)
    write_points.write(accounts, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, {lot.member_id for lot, _ in lost}, now)


def _entries(conn: Connection, shop_id: int, lost: Judged, zone: ZoneInfo) -> list[Entry]:
    """One entry a lot; a lot that was filled again after it had ended has one more line."""
    owners = {str(subjects.Expiry(lot.lot_id)): lot.member_id for lot, _ in lost}
    used = expiry.last_lines(conn, shop_id, owners) if lost else {}
    return [_entry(lot, verdict, used.get(str(subjects.Expiry(lot.lot_id)), 0) + 1, zone) for lot, verdict in lost]


def _entry(lot: Held, verdict: Verdict, line: int, zone: ZoneInfo) -> Entry:
    assert verdict.ends_at is not None and lot.warned_at is not None
    on = {
        "earned_on": lot.earned_at.astimezone(zone).date().isoformat(),
        "warned_on": lot.warned_at.astimezone(zone).date().isoformat(),
    }
    return Entry(
        member_id=lot.member_id,
        kind=EXPIRED,
        points=-lot.left,
        subject=str(subjects.Expiry(lot.lot_id)),
        line=line,
        effective_at=verdict.ends_at,
        actor="suki",
        reason={"reasons": [["ended", {"points": lot.left, **on}]], "warning": lot.warned_by},
        lot_id=lot.lot_id,
    )


def _warn(conn: Connection, shop: Shop, due: Judged, now: datetime) -> dict[int, int]:
    """One message for all lots of a member that end together, sent at its hour; answers each lot's message."""
    together: dict[tuple[int, datetime, int], list[Held]] = {}
    for lot, verdict in due:
        assert verdict.ends_at is not None
        together.setdefault((lot.member_id, verdict.ends_at, verdict.warning), []).append(lot)
    record(conn, shop.id, [_expiring(lots, *key) for key, lots in sorted(together.items())], now)
    kind = MessageKind.POINTS_EXPIRING
    about = {str(subjects.LotEnding(lots[0].lot_id, *key[1:])): lots for key, lots in sorted(together.items())}
    rows = [{"member_id": lots[0].member_id, "kind": kind, "subject": each} for each, lots in about.items()]
    send(conn, shop, write(conn, shop, rows, now), now)
    made = messages.numbers(conn, shop.id, kind, about) if about else {}
    return {lot.lot_id: made[each] for each, lots in about.items() if each in made for lot in lots}


def _expiring(lots: Sequence[Held], member_id: int, ends_at: datetime, warning: int) -> Event:
    first, points = lots[0].lot_id, sum(lot.left for lot in lots)
    return Event(PointsExpiring(first, points, ends_at, warning), str(subjects.Expiry(first)), member_id)
