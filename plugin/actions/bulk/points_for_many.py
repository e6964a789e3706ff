"""Give or take the same points, for many members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import tell
from plugin.actions.points import write_points
from plugin.actions.points.adjust_points import GIFTS, counter_entries
from plugin.rules import subjects
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points import adjusting
from plugin.rules.subjects import ByHand
from plugin.store.members.bulk_acts import BulkAct, Outcome
from plugin.store.members.members import Member
from plugin.store.points import corrections
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

NOTHING_TO_TAKE = "nothing_to_take"


def subject_of(act: BulkAct, member_id: int) -> ByHand:
    """What the entry of one member is about: as if staff had filled in the form for them."""
    return subjects.ByHand(f"{act.key[:16]}{member_id:016x}")


def carry_out(conn: Connection, shop: Shop, act: BulkAct, people: Mapping[int, Member], now: datetime) -> list[Outcome]:
    """The members are locked; each gets what they can have, as the programme says of balances below zero."""
    programme = programmes.current(conn, shop.id, now).programme
    accounts = Ledger(conn, shop.id, people)
    points, kind = int(act.terms["points"]), str(act.terms["kind"])
    entries, outcomes = [], []
    for member_id, member in people.items():
        given = adjusting.effect(points, member.balance, programme.below_zero).points
        outcomes.append(Outcome(member_id, "" if given else NOTHING_TO_TAKE))
        if given:
            why = [kind + ("_in_part" if given != points else ""), {"points": given}]
            about = str(subject_of(act, member_id))
            entry_kind = "gift" if kind in GIFTS else "adjusted"
            entries.append(Entry(member_id, entry_kind, given, about, 1, now, act.actor, reason={"reasons": [why]}))
    accounts.post(entries, now)
    write_points.write(accounts, now)
    _note(conn, shop, act, entries)
    untold = not act.terms["tell"]
    rows = [
        {"member_id": one.member_id, "kind": MessageKind.POINTS_GIVEN, "subject": one.subject, "untold": untold}
        for one in entries
        if one.points > 0
    ]
    tell(conn, shop, programme, rows, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [one.member_id for one in entries], now)
    return outcomes


def _note(conn: Connection, shop: Shop, act: BulkAct, entries: Sequence[Entry]) -> None:
    kept = [
        {
            "shop_id": shop.id,
            "member_id": one.member_id,
            "subject": one.subject,
            "line": 1,
            "note": act.note,
            "shown": bool(act.terms["shown"]),
        }
        for one in entries
    ]
    corrections.add_notes(conn, kept)


def undo(
    conn: Connection, shop: Shop, act: BulkAct, people: Mapping[int, Member], before: Mapping[int, object],
    actor: str, now: datetime,
) -> int:  # fmt: skip
    """Post the counter-entry of each that was not undone by itself; answers how many."""
    programme = programmes.current(conn, shop.id, now).programme
    accounts = Ledger(conn, shop.id, people)
    about = {member_id: str(subject_of(act, member_id)) for member_id in people}
    batch: list[Entry] = []
    undone = 0
    used = corrections.lines_of(conn, shop.id, about)
    for found in corrections.of_subjects(conn, shop.id, about):
        if any((found.member_id, line) in used for line in adjusting.undo_lines(found.line)):
            continue
        back = adjusting.effect(-found.points, people[found.member_id].balance, programme.below_zero).points
        if back:
            batch += counter_entries(found, back, actor, now)
            undone += 1
    accounts.post(batch, now)
    write_points.write(accounts, now, unheard_of=int(act.terms["points"]) > 0 and not act.terms["tell"])
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, list(people), now)
    return undone
