"""A file that was looked at is carried out once: points first, then what else it says. In steps, each committed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from plugin.actions.imports import other_facts, whom
from plugin.actions.imports.check_file import Part, change_of, locked, read_part
from plugin.actions.members import tell_members
from plugin.actions.points import write_points
from plugin.errors import BadInput
from plugin.rules import subjects
from plugin.rules.imports.lines import Row
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points import adjusting
from plugin.rules.words.texts import Said
from plugin.store.imports import files, people
from plugin.store.imports.files import Import
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points import corrections
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind


def carry_out(
    conn: Connection,
    shop: Shop,
    import_id: int,
    actor: str,
    now: datetime,
    key: bytes = b"",
    *,
    tell: bool = False,
) -> Import:
    """Begin to add the members and post the points, once; a second time changes nothing. `tell`: whether they get an
    email about what they were given, with the note where it is shown.

    The first step is done at once; what is left of a long file goes on as a job. BadInput: no line can be imported.
    """
    file = locked(conn, shop.id, import_id)
    if file.state != "checked":
        return file
    if not file.totals["lines"] or (file.parts == 1 and not _any_left(conn, shop, file, now, key)):
        raise BadInput(Said("members.file.no_line"))
    totals = {**file.totals, "given": 0, "taken": 0}
    columns = [{**each, "samples": []} for each in file.columns]
    files.change(conn, shop.id, import_id, state="running", part=0, totals=totals, columns=columns, tell=tell)
    step(conn, shop, import_id, actor, now, key)
    return rest_as_job(conn, shop.id, import_id, "running", actor, now)


def _any_left(conn: Connection, shop: Shop, file: Import, now: datetime, key: bytes) -> bool:
    """Whether somebody is left in a short file: others may have been forgotten since it was looked at."""
    return bool(read_part(conn, shop, replace(file, part=0), now, key, first=False).rows)


def rest_as_job(conn: Connection, shop_id: int, import_id: int, doing: str, actor: str, now: datetime) -> Import:
    """The file as it is now; what is still to do goes on in the background."""
    file = locked(conn, shop_id, import_id)
    if file.state == doing:
        jobs.queue(conn, shop_id, JobKind.IMPORT_MEMBERS, [import_id], now, {"actor": actor})
    return file


def step(conn: Connection, shop: Shop, import_id: int, actor: str, now: datetime, key: bytes = b"") -> int:
    """Carry out the next part of a running file, each line once; 0 when nothing is left.

    Who was forgotten meanwhile, and has not come back, is left out.
    """
    file = locked(conn, shop.id, import_id)
    if file.state != "running":
        return 0
    found = read_part(conn, shop, file, now, key, first=False)
    joined = {row.line: _midnight(shop, row) for row in found.rows if row.joined and row.joined <= shop.day(now)}
    who, added = whom.everybody(conn, shop.id, found.rows, joined, now)
    current = members.by_ids(conn, shop.id, {member.id for member in who.values()}, lock=True)
    batch = _post(conn, shop, file, found, who, current, actor, now)
    _note(conn, shop.id, file, found.rows, who)
    told = _tell(conn, shop, batch, file.id, now) if file.tell else set(current)
    before = other_facts.bring(conn, shop, file, found, who, added, joined, told, actor, now)
    people.add_members(conn, shop.id, import_id, {member.id: before.get(member.id, {}) for member in who.values()})
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, current, now)
    last = file.part + 1 >= file.parts
    totals = {**file.totals, **_sums(file, batch)}
    ended = _ended(conn, shop.id, file, totals, actor, now) if last else {"totals": totals}
    files.change(conn, shop.id, import_id, part=file.part + 1, **ended)
    return int(not last)


def _ended(
    conn: Connection, shop_id: int, file: Import, totals: Mapping[str, object], actor: str, now: datetime
) -> dict[str, object]:
    """What is kept of a file that is done: its lines, and what they called things, are forgotten."""
    files.forget_lines(conn, shop_id, file.id)
    note_act(conn, shop_id, file.id, actor, "import_done", now)
    kept = {"totals": {**totals, "tiers": {}}, "choices": {**file.choices, "tiers": {}}}
    return {"state": "done", "done_at": now, "columns": [], "headings": [], **kept}


def _midnight(shop: Shop, row: Row) -> datetime:
    assert row.joined is not None
    return datetime(row.joined.year, row.joined.month, row.joined.day, tzinfo=shop.zone).astimezone(UTC)


def _post(
    conn: Connection,
    shop: Shop,
    file: Import,
    found: Part,
    who: Mapping[int, Member],
    current: Mapping[int, Member],
    actor: str,
    now: datetime,
) -> list[Entry]:
    """Post what each line changes of what its member holds now."""
    accounts = Ledger(conn, shop.id, set(current))
    rules = programmes.current(conn, shop.id, now).programme
    balances = {key: member.balance for key, member in current.items()}
    batch = []
    for row in found.rows:
        member_id = who[row.line].id
        asked = change_of(row, balances[member_id], found.chosen)
        points = adjusting.effect(asked, balances[member_id], rules.below_zero).points
        balances[member_id] += points
        if points:
            batch.append(_entry(file.id, member_id, row, points, asked, actor, now))
    accounts.post(batch, now)
    write_points.write(accounts, now)
    return batch


def _entry(import_id: int, member_id: int, row: Row, points: int, asked: int, actor: str, now: datetime) -> Entry:
    code = "adjusted" if points == asked else "adjusted_in_part"
    why = {"reasons": [[code, {"points": points}]]}
    return Entry(member_id, "adjusted", points, str(subjects.ImportedFile(import_id)), row.line, now, actor, reason=why)


def _tell(conn: Connection, shop: Shop, batch: Sequence[Entry], import_id: int, now: datetime) -> set[int]:
    """An email to everybody who got more than was taken; answers who they are."""
    gained: Counter[int] = Counter()
    for entry in batch:
        gained[entry.member_id] += entry.points
    whose = {key for key, points in gained.items() if points > 0}
    rows = [
        {"member_id": key, "kind": MessageKind.POINTS_GIVEN, "subject": str(subjects.ImportedFor(import_id, key))}
        for key in sorted(whose)
    ]
    tell_members.tell(conn, shop, programmes.current(conn, shop.id, now).programme, rows, now)
    return whose


def note_act(conn: Connection, shop_id: int, import_id: int, actor: str, act: str, now: datetime) -> None:
    """Note in the staff log what was done with the file."""
    activity_pages.note_staff_act(conn, shop_id, actor, act, f"file {import_id}", {"id": import_id}, now)


def _note(conn: Connection, shop_id: int, file: Import, rows: Sequence[Row], who: Mapping[int, Member]) -> None:
    kept = [
        {
            "shop_id": shop_id,
            "member_id": who[row.line].id,
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
