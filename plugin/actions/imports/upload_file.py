"""A file of members is uploaded: its lines are kept, and what they mean is guessed. Staff see it, and change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Connection

from plugin.actions.imports import check_file
from plugin.actions.imports.check_file import LINES, locked, shown_of
from plugin.errors import BadInput, Conflict
from plugin.rules.imports import choices, guessing, table_file
from plugin.rules.imports.choices import Choices
from plugin.rules.imports.lines import LONGEST_CELL
from plugin.rules.imports.table_file import Table, UnreadableFile
from plugin.rules.words.texts import Said
from plugin.store.imports import files
from plugin.store.imports.files import WAITING
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages

MOST_BYTES = 128 * 1024 * 1024
MOST_ROWS = 500_000
_LAST_LINE = 999_999
"""A line's number is part of its entry's key, and the counter-entry's is a million more."""


def upload(
    conn: Connection,
    shop: Shop,
    name: str,
    content: bytes,
    note: str,
    now: datetime,
    *,
    shown: bool,
    actor: str,
    key: bytes = b"",
) -> int:
    """Keep the file and look at it as it is guessed; answers its number. Nothing else happens. BadInput: unreadable.

    `key` is what people are recognised by who were forgotten: their lines are left out.
    """
    try:
        text, encoding = table_file.letters_of(content, MOST_BYTES)
        table = table_file.table(text, guessing.known)
        values = {"name": name[:200], "note": note, "shown": shown, "actor": actor, "headings": _headings(table)}
        import_id = files.add(conn, shop.id, {**values, "totals": {}}, now)
        parts, lines, first = _keep(conn, shop.id, import_id, table)
    except UnreadableFile as error:
        raise BadInput(error.what, {"file": error.what}) from error
    columns = choices.shown_by(table.headings, first, table.mark == ";")
    chosen = choices.guess(table.headings, columns)
    totals = {"file_lines": lines, "encoding": encoding, "mark": table.mark}
    files.change(conn, shop.id, import_id, columns=[asdict(each) for each in columns], parts=parts, totals=totals)
    activity_pages.note_staff_act(conn, shop.id, actor, "import_checked", f"file {import_id}", {"id": import_id}, now)
    choose(conn, shop, import_id, chosen, actor, now, key, guessed=True)
    return import_id


def _headings(table: Table) -> list[str]:
    return [heading.strip()[:200] for heading in table.headings]


def _keep(conn: Connection, shop_id: int, import_id: int, table: Table) -> tuple[int, int, Sequence[Sequence[str]]]:
    """Keep the lines, a step's together; answers how many parts and lines there are, and the first ones' cells."""
    first: list[Sequence[str]] = []
    part = lines = 0
    for part, kept in enumerate(_parts(table.rows), 1):
        lines += len(kept)
        if lines > MOST_ROWS or kept[-1][0] > _LAST_LINE:
            raise UnreadableFile(Said("members.file.lines", lines=lines, most=MOST_ROWS))
        files.add_part(conn, shop_id, import_id, part, kept)
        if len(first) < choices.SCANNED:
            first += [cells for _, cells in kept]
    return part, lines, first


def _parts(rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    cut = ((line, [cell[:LONGEST_CELL] for cell in cells]) for line, cells in rows)
    while part := list(islice(cut, LINES)):
        yield part


def choose(
    conn: Connection,
    shop: Shop,
    import_id: int,
    chosen: Choices,
    actor: str,
    now: datetime,
    key: bytes = b"",
    *,
    guessed: bool = False,
) -> None:
    """Look at the file as it is meant; a long one is looked at in the background. Conflict: it is carried out already.

    What cannot be looked at waits for staff to say which columns are meant.
    """
    file = locked(conn, shop.id, import_id)
    if file.state not in WAITING:
        raise Conflict(Said("members.import.begun"))
    chosen = choices.with_orders(chosen, shown_of(file))
    if chosen.keep_tiers_until is None:
        chosen = replace(chosen, keep_tiers_until=_in_a_year(shop.day(now)))
    kept = {each: file.totals[each] for each in ("file_lines", "encoding", "mark")}
    if wanting := choices.wanting(file.headings, chosen, guessed=guessed):
        said = [str(wanting), wanting.key, dict(wanting.values)]
        files.change(
            conn, shop.id, import_id, choices=chosen.stored(), state="uploaded", totals={**kept, "wanting": said}
        )
        return
    files.change(conn, shop.id, import_id, choices=chosen.stored(), state="checking", totals=kept)
    check_file.begin(conn, shop, import_id, actor, now, key)


def _in_a_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))
