"""Acts on many members: begun once, carried out by a job in committed steps, stopped, and undone as a whole.

Each member is written down with what became of them, in the transaction that does it; who is killed goes on behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.bulk import points_for_many, rewards_for_many, tags_for_many, tiers_for_many
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.errors import NotFound
from plugin.rules.names import staff_log
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.members import bulk_acts, members
from plugin.store.members.bulk_acts import BulkAct, Outcome
from plugin.store.members.member_list import Wanted
from plugin.store.members.members import Member
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

A_STEP: Final = 100
GONE: Final = "gone"
CarryOut = Callable[[Connection, Shop, BulkAct, Mapping[int, Member], datetime], list[Outcome]]
Undo = Callable[[Connection, Shop, BulkAct, Mapping[int, Member], Mapping[int, object], str, datetime], int]


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to locked members, and how it is undone; neither where Shopify does it (`tags_for_many`)."""

    carry_out: CarryOut
    undo: Undo


ACTS: Final[Mapping[str, Act]] = {
    "points": Act(points_for_many.carry_out, points_for_many.undo),
    "tier": Act(tiers_for_many.carry_out, tiers_for_many.undo),
    "reward": Act(rewards_for_many.carry_out, rewards_for_many.undo),
}
TAG: Final = "tag"


def begin(
    conn: Connection,
    shop: Shop,
    key: str,
    act: str,
    terms: Mapping[str, object],
    whom: Wanted | Sequence[int],
    expected: int,
    actor: str,
    now: datetime,
) -> tuple[int, bool]:
    """Write it down and queue it; answers its number, and whether this form was not sent before."""
    number, fresh = bulk_acts.add(conn, shop.id, key, act, terms, whom, expected, actor, now)
    if fresh:
        _queue(conn, shop.id, number, actor, now)
        _note(conn, shop.id, number, actor, "begin_bulk_act", {"act": act, "members": expected}, now)
    return number, fresh


def _queue(conn: Connection, shop_id: int, number: int, actor: str, now: datetime) -> None:
    jobs.queue(conn, shop_id, JobKind.BULK_ACT, [number], now, {"actor": actor})


def _note(
    conn: Connection, shop_id: int, number: int, actor: str, act: str, detail: Mapping[str, object], now: datetime
) -> None:
    activity_pages.note_staff_act(conn, shop_id, actor, act, str(staff_log.Batch(number)), dict(detail), now)


def go_on(work: Work, shop: Shop, job: Job) -> None:
    """Carry out, or undo, what is left; a run that stops goes on where it was."""
    number, actor = job.number, str(job.payload["actor"])
    with shop_transaction(work.engine, shop.id) as conn:
        act = _known(conn, shop.id, number)
    if act.act == TAG:
        while tags_for_many.step(work, shop, number) or tags_for_many.undo_step(work, shop, number):
            pass
        return
    in_steps(work.engine, shop.id, lambda conn, most: step(conn, shop.id, number, actor, work.clock(), most), A_STEP)


def step(conn: Connection, shop_id: int, number: int, actor: str, now: datetime, most: int) -> int:
    """The next members, at most so many; answers how many there were."""
    act, shop = _known(conn, shop_id, number, lock=True), shops.get(conn, shop_id)
    if act.state == "running":
        return _forwards(conn, shop, act, now, most)
    return _backwards(conn, shop, act, actor, now, most) if act.state == "undoing" else 0


def _forwards(conn: Connection, shop: Shop, act: BulkAct, now: datetime, most: int) -> int:
    ids = bulk_acts.next_members(conn, shop.id, act, most)
    people = _living(conn, shop, ids)
    outcomes = ACTS[act.act].carry_out(conn, shop, act, people, now) if people else []
    outcomes += [Outcome(one, GONE) for one in ids if one not in people]
    bulk_acts.note(conn, shop.id, act.id, outcomes)
    if ids:
        bulk_acts.get_on(conn, shop.id, act.id, ids[-1], outcomes)
    if len(ids) < most:
        bulk_acts.be(conn, shop.id, act.id, "done", now)
    return len(ids)


def _backwards(conn: Connection, shop: Shop, act: BulkAct, actor: str, now: datetime, most: int) -> int:
    before = bulk_acts.acted_on(conn, shop.id, act, most)
    people = _living(conn, shop, before)
    undone = ACTS[act.act].undo(conn, shop, act, people, before, actor, now) if people else 0
    if before:
        bulk_acts.get_back(conn, shop.id, act.id, max(before), undone)
    if len(before) < most:
        bulk_acts.be(conn, shop.id, act.id, "undone", now)
    return len(before)


def _living(conn: Connection, shop: Shop, ids: Sequence[int] | Mapping[int, object]) -> dict[int, Member]:
    found = members.by_ids(conn, shop.id, ids, lock=True)
    return {key: one for key, one in found.items() if one.state in ("member", "guest")}


def stop(conn: Connection, shop: Shop, number: int, actor: str, now: datetime) -> bool:
    """Leave it at what is done so far, which can be undone; says whether it was under way."""
    return _turn(conn, shop, number, {"running"}, "stopped", "stop_bulk_act", actor, now)


def undo(conn: Connection, shop: Shop, number: int, actor: str, now: datetime) -> bool:
    """Begin to undo it as a whole; says whether it had ended, and was not undone before."""
    done = _turn(conn, shop, number, {"done", "stopped"}, "undoing", "undo_bulk_act", actor, now)
    if done:
        _queue(conn, shop.id, number, actor, now)
    return done


def _turn(
    conn: Connection, shop: Shop, number: int, from_states: set[str], state: str, noted: str, actor: str, now: datetime
) -> bool:
    act = _known(conn, shop.id, number, lock=True)
    if act.state not in from_states:
        return False
    bulk_acts.be(conn, shop.id, number, state, now)
    _note(conn, shop.id, number, actor, noted, {"act": act.act, "members": act.done}, now)
    return True


def _known(conn: Connection, shop_id: int, number: int, *, lock: bool = False) -> BulkAct:
    act = bulk_acts.get(conn, shop_id, number, lock=lock)
    if act is None:
        raise NotFound(Said("frame.error.not_found"))
    return act
