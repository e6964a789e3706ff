"""Staff give or take points by hand, and undo it, each once: what is done carries the key of its form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from plugin.actions.emails.news import row, tell_now
from plugin.actions.points import write_points
from plugin.errors import BadInput, NotFound
from plugin.rules import subjects
from plugin.rules.message_kinds import NOT_TOLD, MessageKind
from plugin.rules.names import staff_log
from plugin.rules.points import adjusting
from plugin.rules.points.adjusting import Effect
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points import corrections
from plugin.store.points.corrections import Correction
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs, messages
from plugin.store.work.job_kinds import JobKind

Kind = Literal["adjusted", "gift", "goodwill"]
"""A correction, a surprise, and goodwill after a complaint. The last two are gifts."""
GIFTS: tuple[Kind, ...] = ("gift", "goodwill")
LONGEST_NOTE = 300
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What staff ask for. `key` is that of their form: the same one is carried out once."""

    member_id: int
    key: str
    kind: Kind
    points: int
    note: str
    shown: bool
    tell: bool = True


def foresee(conn: Connection, shop_id: int, member: Member, points: int, now: datetime) -> Effect:
    """What would happen to the balance; BadInput when nothing would."""
    found = adjusting.effect(points, member.balance, programmes.current(conn, shop_id, now).programme.below_zero)
    if not found.points:
        raise BadInput(Said("members.error.none_left"), {"points": Said("members.error.none_left_field")})
    return found


def adjust(conn: Connection, shop_id: int, asked: Adjustment, actor: str, now: datetime) -> Effect | None:
    """Carry it out; None if this form was carried out before."""
    if not _KEY.fullmatch(asked.key):
        raise BadInput(Said("members.error.begin_again"))
    subject = str(subjects.ByHand(asked.key))
    accounts = Ledger(conn, shop_id, [asked.member_id])
    member = _living(conn, shop_id, asked.member_id)
    if corrections.lines_used(conn, shop_id, subject, [member.id]):
        return None
    done = foresee(conn, shop_id, member, asked.points, now)
    why = [asked.kind + ("_in_part" if done.points != asked.points else ""), {"points": done.points}]
    kind = "gift" if asked.kind in GIFTS else "adjusted"
    entry = Entry(member.id, kind, done.points, subject, 1, now, actor, reason={"reasons": [why]})
    accounts.post([entry], now)
    write_points.write(accounts, now)
    note = {"shop_id": shop_id, "member_id": member.id, "subject": subject, "line": 1}
    corrections.add_notes(conn, [{**note, "note": asked.note, "shown": asked.shown}])
    _noted(conn, shop_id, actor, "adjust_points", member.id, done.points, now)
    if done.points > 0:
        tell_now(
            conn,
            shops.get(conn, shop_id),
            [{**row(MessageKind.POINTS_GIVEN, member.id, subjects.ByHand(asked.key)), "untold": not asked.tell}],
            now,
        )
    return done


def _living(conn: Connection, shop_id: int, member_id: int) -> Member:
    member = members.get(conn, shop_id, member_id)
    if member is None:
        raise NotFound(Said("members.error.no_member"))
    if member.state not in ("member", "guest"):
        raise BadInput(Said("members.error.gone"))
    return member


def _noted(conn: Connection, shop_id: int, actor: str, action: str, member_id: int, points: int, now: datetime) -> None:
    detail = {"member": member_id, "points": points}
    activity_pages.note_staff_act(
        conn, shop_id, actor, action, str(staff_log.Points(f"{points:+,}", member_id)), detail, now
    )
    jobs.queue(conn, shop_id, JobKind.PUSH_MEMBER, [member_id], now)


def foresee_undo(
    conn: Connection, shop_id: int, member_id: int, entry_id: int, now: datetime
) -> tuple[Correction, Effect]:
    """The correction and what undoing it would do; NotFound when it cannot be undone, or was."""
    found = corrections.by_entry(conn, shop_id, entry_id)
    if found is None or found.member_id != member_id:
        raise NotFound(Said("members.error.no_correction"))
    member = _living(conn, shop_id, member_id)
    if was_undone(conn, shop_id, found):
        raise BadInput(Said("members.error.undone"))
    return found, foresee(conn, shop_id, member, -found.points, now)


def was_undone(conn: Connection, shop_id: int, found: Correction) -> bool:
    """Whether there is a counter-entry."""
    used = corrections.lines_used(conn, shop_id, found.subject, [found.member_id])
    return any((found.member_id, line) in used for line in adjusting.undo_lines(found.line))


def undo(conn: Connection, shop_id: int, member_id: int, entry_id: int, actor: str, now: datetime) -> Effect | None:
    """Post the counter-entry; None if it was posted before."""
    accounts = Ledger(conn, shop_id, [member_id])
    found = corrections.by_entry(conn, shop_id, entry_id)
    if found is not None and was_undone(conn, shop_id, found):
        return None
    found, done = foresee_undo(conn, shop_id, member_id, entry_id, now)
    accounts.post(counter_entries(found, done.points, actor, now), now)
    given = messages.by_subject(conn, shop_id, MessageKind.POINTS_GIVEN, found.subject)
    write_points.write(accounts, now, unheard_of=given is not None and given.last_error == NOT_TOLD)
    _noted(conn, shop_id, actor, "undo_adjustment", member_id, done.points, now)
    return done


def counter_entries(found: Correction, points: int, actor: str, now: datetime) -> list[Entry]:
    """What was given is taken, its own lot first; what was taken goes back to the lots it came from."""
    first, second = adjusting.undo_lines(found.line)
    why: dict[str, object] = {"reward": "an adjustment that was undone", "reasons": [["undone_by_staff", {}]]}
    if found.points > 0:
        return [Entry(found.member_id, "undone", points, found.subject, first, now, actor, reason=why)]
    owed, back = adjusting.undone(found.points, found.draws)
    entries = []
    if owed:
        entries.append(Entry(found.member_id, "undone", owed, found.subject, first, now, actor, reason=why))
    if back:
        total = sum(draw.points for draw in back)
        entry = Entry(found.member_id, "returned", total, found.subject, second, now, actor, reason=why, back_to=back)
        entries.append(entry)
    return entries
