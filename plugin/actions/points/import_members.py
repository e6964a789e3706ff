"""A file of members and points: checked first, carried out once when staff say so, and undone as a whole.

Carrying out and undoing go in steps of a few hundred lines, each committed with how far it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.members import add_members
from plugin.actions.points import write_points
from plugin.actions.privacy import remembered
from plugin.errors import BadInput, NotFound
from plugin.rules import subjects
from plugin.rules.points import adjusting, member_file
from plugin.rules.points.member_file import MemberFile, Problem, Row, UnreadableFile
from plugin.rules.types import Buyer
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.points import corrections, imports
from plugin.store.points.imports import Import
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind

LINES = 500
"""Lines, or members, of one step: less than a second."""
PROBLEMS_KEPT = 200


ERASED: Final = Said("members.file.erased")


def check(
    conn: Connection,
    shop_id: int,
    name: str,
    content: bytes,
    note: str,
    now: datetime,
    *,
    shown: bool,
    actor: str,
    key: bytes = b"",
) -> int:
    """Read the file and keep what it would do; answers its number. Nothing else happens.

    `key` is what people are recognised by who were forgotten: their lines are left out.
    """
    try:
        read = member_file.read(content)
    except UnreadableFile as error:
        raise BadInput(error.what, {"file": error.what}) from error
    read = _without_the_forgotten(conn, shop_id, read, key)
    people = _people(conn, shop_id, read.rows)
    import_id = imports.add(
        conn,
        shop_id,
        {
            "name": name[:200],
            "note": note,
            "shown": shown,
            "rows": [[row.line, row.email, row.customer_id, row.points, row.note] for row in read.rows],
            "problems": [_kept(each) for each in read.problems[:PROBLEMS_KEPT]],
            "totals": _totals(read, people),
            "actor": actor,
        },
        now,
    )
    activity_pages.note_staff_act(conn, shop_id, actor, "import_checked", f"file {import_id}", {"id": import_id}, now)
    return import_id


def _kept(problem: Problem) -> list[object]:
    """What is wrong with a line, in English, and what says it in other languages."""
    return [problem.line, str(problem.what), problem.what.key, dict(problem.what.values)]


def _totals(read: MemberFile, people: Mapping[int, Member]) -> dict[str, object]:
    return {
        "lines": len(read.rows),
        "wrong": len(read.problems),
        "new": len({_who(row) for row in read.rows if row.line not in people}),
        "given": sum(row.points for row in read.rows if row.points > 0),
        "taken": -sum(row.points for row in read.rows if row.points < 0),
        "ignored": list(read.ignored),
        "columns": dict(read.columns),
        **_surprises(read.rows, people),
    }


def _surprises(rows: Sequence[Row], people: Mapping[int, Member]) -> dict[str, object]:
    """How many people stand on several lines, and how many have less than the file takes."""
    lines: Counter[object] = Counter()
    sums: Counter[object] = Counter()
    has: dict[object, int] = {}
    for row in rows:
        member = people.get(row.line)
        key = member.id if member else _who(row)
        has[key] = member.balance if member else 0
        lines[key] += 1
        sums[key] += row.points
    short = [key for key in sums if sums[key] < 0 and has[key] + sums[key] < 0]
    return {"several": sum(count > 1 for count in lines.values()), "short": len(short)}


def _who(row: Row) -> object:
    return row.customer_id if row.customer_id is not None else email_key(row.email)


def _people(conn: Connection, shop_id: int, rows: Sequence[Row]) -> dict[int, Member]:
    """The member that each line means, where there is one: by customer id, else by e-mail."""
    by_id = members.by_customers(conn, shop_id, {row.customer_id for row in rows if row.customer_id is not None})
    keys = {email_key(row.email) for row in rows if row.customer_id is None}
    by_email = members.guests_by_email(conn, shop_id, keys) | members.by_proved_email(conn, shop_id, keys)
    found = {}
    for row in rows:
        member = by_id.get(row.customer_id) if row.customer_id is not None else by_email.get(email_key(row.email))
        if member is not None:
            found[row.line] = member
    kept = members.by_ids(conn, shop_id, {m.merged_into for m in found.values() if m.merged_into is not None})
    return {line: kept[m.merged_into] if m.merged_into is not None else m for line, m in found.items()}


def _without_the_forgotten(conn: Connection, shop_id: int, read: MemberFile, key: bytes) -> MemberFile:
    erased = _forgotten(conn, shop_id, read.rows, key)
    problems = [Problem(row.line, ERASED) for row in read.rows if row.line in erased]
    rows = tuple(row for row in read.rows if row.line not in erased)
    return replace(read, rows=rows, problems=(*problems, *read.problems))


def _forgotten(conn: Connection, shop_id: int, rows: Sequence[Row], key: bytes) -> set[int]:
    """The lines about people who were forgotten and have not come back."""
    people = {row.line: (row.customer_id, "" if row.customer_id else row.email) for row in rows}
    erased = remembered.who_stays_forgotten(conn, shop_id, people.values(), key) if key else set()
    return {line for line, person in people.items() if person in erased}


def carry_out(conn: Connection, shop_id: int, import_id: int, actor: str, now: datetime, key: bytes = b"") -> Import:
    """Begin to add the members and post the points, once; a second time changes nothing.

    A short file is done at once; what is left of a long one goes on as a job, step by step.
    """
    file = locked(conn, shop_id, import_id)
    if file.state != "checked":
        return file
    if len(_forgotten(conn, shop_id, [Row(*each) for each in file.rows], key)) == len(file.rows):
        raise BadInput(Said("members.file.no_line"))
    totals = {**file.totals, "given": 0, "taken": 0}
    imports.get_on(conn, shop_id, import_id, "running", totals, file.rows)
    step(conn, shop_id, import_id, actor, now, LINES, key)
    return rest_as_job(conn, shop_id, import_id, "running", actor, now)


def rest_as_job(conn: Connection, shop_id: int, import_id: int, state: str, actor: str, now: datetime) -> Import:
    """Queue what is left of a file in this state; answers how it is now."""
    file = locked(conn, shop_id, import_id)
    if file.state == state:
        jobs.queue(conn, shop_id, JobKind.IMPORT_MEMBERS, [import_id], now, {"actor": actor})
    return file


def step(conn: Connection, shop_id: int, import_id: int, actor: str, now: datetime, most: int, key: bytes = b"") -> int:
    """Carry out the next lines of a running file, at most so many, each once; answers how many.

    Who was forgotten meanwhile, and has not come back, is left out.
    """
    file = locked(conn, shop_id, import_id)
    if file.state != "running":
        return 0
    these = [Row(*each) for each in file.rows[:most]]
    erased = _forgotten(conn, shop_id, these, key)
    rows = [row for row in these if row.line not in erased]
    people = _everybody(conn, shop_id, rows, now)
    current = members.by_ids(conn, shop_id, {member.id for member in people.values()}, lock=True)
    accounts = Ledger(conn, shop_id, set(current))
    rules = programmes.current(conn, shop_id, now).programme
    balances = {key: member.balance for key, member in current.items()}
    batch = []
    for row in rows:
        member_id = people[row.line].id
        points = adjusting.effect(row.points, balances[member_id], rules.below_zero).points
        balances[member_id] += points
        if points:
            batch.append(_entry(import_id, member_id, row, points, actor, now))
    accounts.post(batch, now)
    write_points.write(accounts, now)
    _note(conn, shop_id, file, rows, people)
    left = file.rows[len(these) :]
    imports.get_on(conn, shop_id, import_id, "running", {**file.totals, **_sums(file, batch)}, left, current)
    jobs.queue(conn, shop_id, JobKind.PUSH_MEMBER, current, now)
    if not left:
        imports.ended(conn, shop_id, import_id, "done", now)
        note_act(conn, shop_id, import_id, actor, "import_done", now)
    return len(these)


def note_act(conn: Connection, shop_id: int, import_id: int, actor: str, act: str, now: datetime) -> None:
    """Note in the staff log what was done with the file."""
    activity_pages.note_staff_act(conn, shop_id, actor, act, f"file {import_id}", {"id": import_id}, now)


def locked(conn: Connection, shop_id: int, import_id: int) -> Import:
    """The file, locked; NotFound when it is gone."""
    file = imports.get(conn, shop_id, import_id, lock=True)
    if file is None:
        raise NotFound(Said("members.file.gone"))
    return file


def _everybody(conn: Connection, shop_id: int, rows: Sequence[Row], now: datetime) -> dict[int, Member]:
    """The member of each line; who was not there is added."""
    people = _people(conn, shop_id, rows)
    fresh = {_who(row): Buyer(row.customer_id, row.email) for row in rows if row.line not in people}
    if fresh:
        add_members.add(conn, shop_id, list(fresh.values()), dict.fromkeys(fresh.values(), now), now, source="imported")
        people = _people(conn, shop_id, rows)
    return people


def _entry(import_id: int, member_id: int, row: Row, points: int, actor: str, now: datetime) -> Entry:
    code = "adjusted" if points == row.points else "adjusted_in_part"
    why = {"reasons": [[code, {"points": points}]]}
    return Entry(member_id, "adjusted", points, str(subjects.ImportedFile(import_id)), row.line, now, actor, reason=why)


def _note(conn: Connection, shop_id: int, file: Import, rows: Sequence[Row], people: Mapping[int, Member]) -> None:
    kept = [
        {
            "shop_id": shop_id,
            "member_id": people[row.line].id,
            "subject": str(subjects.ImportedFile(file.id)),
            "line": row.line,
            "note": row.note or file.note,
            "shown": file.shown,
        }
        for row in rows
        if row.note or file.note
    ]
    corrections.add_notes(conn, kept)


def _sums(file: Import, batch: Sequence[Entry]) -> dict[str, int]:
    """What was given and taken so far, with this step's."""
    return {
        "given": file.totals["given"] + sum(entry.points for entry in batch if entry.points > 0),
        "taken": file.totals["taken"] - sum(entry.points for entry in batch if entry.points < 0),
    }
