"""Undoing a file of members and points, and what goes on in the background with long ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.points import write_points
from plugin.actions.points.adjust_points import counter_entries
from plugin.actions.points.import_members import LINES, locked, note_act, rest_as_job, step
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.rules import subjects
from plugin.rules.points import adjusting
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points import corrections, imports
from plugin.store.points.imports import Import
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job


def go_on(work: Work, shop: Shop, job: Job) -> None:
    """Carry out, or undo, what is left of a file; a run that stops goes on where it was."""
    import_id, actor = job.number, str(job.payload["actor"])
    key = work.forgetting_key

    def more(conn: Connection, most: int) -> int:
        done = step(conn, shop.id, import_id, actor, work.clock(), most, key)
        return done or undo_step(conn, shop.id, import_id, actor, work.clock(), most)

    in_steps(work.engine, shop.id, more, LINES)


def undo(conn: Connection, shop_id: int, import_id: int, actor: str, now: datetime) -> Import:
    """Post the counter-entry of every line that was not undone by itself; the members stay.

    Where the programme stops at zero, what was spent since stays spent. What is left after the first step goes on as
    a job.
    """
    file = locked(conn, shop_id, import_id)
    if file.state != "done":
        return file
    imports.get_on(conn, shop_id, import_id, "undoing", {**file.totals, "undone": 0, "undone_members": 0})
    undo_step(conn, shop_id, import_id, actor, now, LINES)
    return rest_as_job(conn, shop_id, import_id, "undoing", actor, now)


def undo_step(conn: Connection, shop_id: int, import_id: int, actor: str, now: datetime, most: int) -> int:
    """Undo everything of the next members of the file, at most so many; answers how many."""
    file = locked(conn, shop_id, import_id)
    if file.state != "undoing":
        return 0
    subject, begun = str(subjects.ImportedFile(import_id)), int(file.totals["undone_members"])
    these = file.member_ids[begun : begun + most]
    living = {m.id: m for m in members.by_ids(conn, shop_id, these, lock=True).values() if m.merged_into is None}
    batch = _counter_entries(conn, shop_id, subject, living, actor, now)
    accounts = Ledger(conn, shop_id, living)
    accounts.post(batch, now)
    write_points.write(accounts, now)
    undone = int(file.totals["undone"]) + sum(entry.points for entry in batch)
    totals = {**file.totals, "undone": undone, "undone_members": begun + len(these)}
    imports.get_on(conn, shop_id, import_id, "undoing", totals)
    jobs.queue(conn, shop_id, JobKind.PUSH_MEMBER, living, now)
    if begun + len(these) == len(file.member_ids):
        imports.ended(conn, shop_id, import_id, "undone", now)
        note_act(conn, shop_id, import_id, actor, "import_undone", now)
    return len(these)


def _counter_entries(
    conn: Connection, shop_id: int, subject: str, current: Mapping[int, Member], actor: str, now: datetime
) -> list[Entry]:
    """The last line first, as far as each member's balance goes."""
    balances = {key: member.balance for key, member in current.items()}
    rules = programmes.current(conn, shop_id, now).programme
    used = corrections.lines_used(conn, shop_id, subject, current)
    batch: list[Entry] = []
    for found in reversed(corrections.by_subject(conn, shop_id, subject, sorted(current))):
        if any((found.member_id, line) in used for line in adjusting.undo_lines(found.line)):
            continue
        points = adjusting.effect(-found.points, balances[found.member_id], rules.below_zero).points
        balances[found.member_id] += points
        if points:
            batch += counter_entries(found, points, actor, now)
    return batch
