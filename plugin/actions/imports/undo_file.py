"""Undoing a file of members and points, and what goes on in the background with long ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.imports import check_file, other_facts
from plugin.actions.imports.carry_out_file import note_act, rest_as_job, step
from plugin.actions.imports.check_file import LINES, locked
from plugin.actions.points import write_points
from plugin.actions.points.adjust_points import counter_entries
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.errors import Conflict
from plugin.rules import subjects
from plugin.rules.points import adjusting
from plugin.rules.privacy import kept_for
from plugin.rules.words.texts import Said
from plugin.store.imports import files, people
from plugin.store.imports.files import Import
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points import corrections
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job


def go_on(work: Work, shop: Shop, job: Job) -> None:
    """Look at, carry out, or undo what is left of a file; a run that stops goes on where it was."""
    import_id, actor = job.number, str(job.payload["actor"])
    key = work.forgetting_key

    def more(conn: Connection, _most: int) -> int:
        now = work.clock()
        return (
            check_file.step(conn, shop, import_id, now, key)
            or step(conn, shop, import_id, actor, now, key)
            or undo_step(conn, shop, import_id, actor, now)
        )

    in_steps(work.engine, shop.id, more, 1)


def undo(conn: Connection, shop: Shop, import_id: int, actor: str, now: datetime) -> Import:
    """Post the counter-entry of every line that was not undone by itself, and put back what else was changed; the
    members stay.

    Where the programme stops at zero, what was spent since stays spent. Nobody is told, and an email about the file
    that still waits does not go. What is left after the first step goes on as a job. Conflict: it is too late.
    """
    file = locked(conn, shop.id, import_id)
    if file.state != "done":
        return file
    if file.done_at and now >= kept_for.undo_ends("done_files", file.done_at):
        raise Conflict(Said("members.import.too_late"))
    return _begin(conn, shop, file, actor, now)


def cancel(conn: Connection, shop: Shop, import_id: int, actor: str, now: datetime) -> Import:
    """Stop a file that is being carried out: its other lines are forgotten, and what it did is undone."""
    file = locked(conn, shop.id, import_id)
    if file.state != "running":
        return file
    files.forget_lines(conn, shop.id, import_id)
    files.change(conn, shop.id, import_id, columns=[], headings=[], done_at=now)
    note_act(conn, shop.id, import_id, actor, "import_canceled", now)
    return _begin(conn, shop, file, actor, now)


def _begin(conn: Connection, shop: Shop, file: Import, actor: str, now: datetime) -> Import:
    totals = {**file.totals, "undone": 0, "undone_after": 0}
    whole = people.count(conn, shop.id, file.id)
    files.change(conn, shop.id, file.id, state="undoing", totals=totals, part=0, parts=whole)
    undo_step(conn, shop, file.id, actor, now)
    return rest_as_job(conn, shop.id, file.id, "undoing", actor, now)


def undo_step(conn: Connection, shop: Shop, import_id: int, actor: str, now: datetime) -> int:
    """Undo everything of the next members of the file; 0 when nothing is left."""
    file = locked(conn, shop.id, import_id)
    if file.state != "undoing":
        return 0
    these = people.members_after(conn, shop.id, import_id, int(file.totals["undone_after"]), LINES)
    found = members.by_ids(conn, shop.id, [key for key, _ in these], lock=True).values()
    living = {m.id: m for m in found if m.merged_into is None and m.state != "erased"}
    batch = _counter_entries(conn, shop.id, str(subjects.ImportedFile(import_id)), living, actor, now)
    accounts = Ledger(conn, shop.id, living)
    accounts.post(batch, now)
    write_points.write(accounts, now)
    other_facts.take_back(conn, shop, import_id, dict(these), living, actor, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, living, now)
    after = these[-1][0] if these else 0
    undone = int(file.totals["undone"]) + sum(entry.points for entry in batch)
    totals = {**file.totals, "undone": undone, "undone_after": after}
    more = len(these) == LINES
    ended = {} if more else {"state": "undone", "undone_at": now}
    files.change(conn, shop.id, import_id, totals=totals, part=file.part + len(these), **ended)
    if not more:
        note_act(conn, shop.id, import_id, actor, "import_undone", now)
    return int(more)


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
