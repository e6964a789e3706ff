"""Reading events: each reader sees every one, at least once, and those of one member in their order.

Numbers are drawn before transactions commit, so "the last number that was read" would pass over whoever commits late.
A window is made of transactions instead: from where the last one ended up to the oldest that is still under way. What
lies below is decided, and nothing is added to it. Within a window events are read by their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import NotYet
from plugin.rules.events import EventKind, Recorded
from plugin.store.work import events

LARGEST_WINDOW = 5_000
"""A reader that is far behind takes smaller windows, as far as they can be cut."""
_SAME = (
    "r.from_xid = %(from)s::text::xid8 AND r.until_xid IS NOT DISTINCT FROM %(until)s::text::xid8"
    " AND r.after_id = %(after)s AND r.above_id = %(above)s"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """How far one reader is: in a window of transactions, or among what was restored (ids up to `above_id`)."""

    name: str
    from_xid: int = 0
    until_xid: int | None = None
    after_id: int = 0
    above_id: int = 0
    off_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be read next, and how far the reader is then.

    `more`: there may be more at once. `waits`: there is more, of which somebody else's transaction keeps us.
    """

    before: Reader
    after: Reader
    events: Sequence[Recorded] = ()
    more: bool = False
    waits: bool = False


def reader(conn: Connection, shop_id: int, name: str) -> Reader:
    """How far it is; one that never read begins with the shop's first event."""
    row = conn.exec_driver_sql(
        "SELECT name, from_xid::text::bigint, until_xid::text::bigint, after_id, above_id, off_at FROM event_readers"
        " WHERE shop_id = %(shop)s AND name = %(name)s",
        {"shop": shop_id, "name": name},
    ).one_or_none()
    if row is not None:
        return Reader(*row)
    restored = conn.exec_driver_sql("SELECT restored_id FROM own_cluster").scalar_one_or_none()
    return Reader(name, above_id=restored or 0)


def next_page(conn: Connection, shop_id: int, one: Reader, kinds: Iterable[EventKind], limit: int) -> Page:
    """The reader's next events of these kinds, at most so many; nothing for one that is switched off."""
    window = _Window(conn, shop_id, [kind.value for kind in kinds], one.above_id)
    if one.off_at is not None:
        return Page(one, one)
    if one.after_id < one.above_id:
        found = window.restored(one.after_id, limit)
        after = found[-1].id if len(found) == limit else one.above_id
        return Page(one, replace(one, after_id=after), found, more=True)
    until = one.until_xid or window.end(one.from_xid)
    found = window.page(one.from_xid, until, one.after_id, limit)
    if len(found) == limit:
        return Page(one, replace(one, until_xid=until, after_id=found[-1].id), found, more=True)
    behind = window.anything_from(until)
    closed = replace(one, from_xid=until, until_xid=None, after_id=one.above_id)
    return Page(one, closed, found, more=behind and until > one.from_xid, waits=behind)


@dataclass(frozen=True, slots=True)
class _Window:
    """The questions about one shop's events of some kinds, above what was restored."""

    conn: Connection
    shop_id: int
    kinds: list[str]
    above_id: int

    def _ask(self, select: str, where: str, **values: int) -> int | None:
        found = self.conn.exec_driver_sql(
            f"SELECT {select} FROM events WHERE shop_id = %(shop)s AND id > %(above)s AND kind = ANY(%(kinds)s)"
            f" AND {where}",
            {"shop": self.shop_id, "above": self.above_id, "kinds": self.kinds, **values},
        ).scalar_one_or_none()
        return None if found is None else int(found)

    def end(self, start: int) -> int:
        """Where a window that begins at a transaction ends: at the oldest that is under way, or before."""
        asked = self.conn.exec_driver_sql("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        oldest = max(start, int(asked.scalar_one()))
        near = self._ask(
            "xid::text::bigint",
            "xid >= %(start)s::text::xid8 AND xid < %(end)s::text::xid8 ORDER BY xid OFFSET %(most)s LIMIT 1",
            start=start,
            end=oldest,
            most=LARGEST_WINDOW,
        )
        if near is not None and (smaller := self._in_order(start, near)) > start:
            return smaller
        return self._in_order(start, oldest)

    def _in_order(self, start: int, end: int) -> int:
        """The last end, not beyond this one, at which no event inside has a greater number than one outside.

        A transaction may have got its number early and waited for a member's lock: what it then wrote is younger than
        what the holder of the lock wrote, by a transaction with a greater number.
        """
        while True:
            outside = self._ask("min(id)", "xid >= %(end)s::text::xid8", end=end)
            if outside is None:
                return end
            early = self._ask(
                "xid::text::bigint",
                "xid >= %(start)s::text::xid8 AND xid < %(end)s::text::xid8 AND id > %(outside)s ORDER BY xid LIMIT 1",
                start=start,
                end=end,
                outside=outside,
            )
            if early is None:
                return end
            end = early

    def page(self, start: int, end: int, after_id: int, limit: int) -> list[Recorded]:
        return self._rows(
            "xid >= %(start)s::text::xid8 AND xid < %(end)s::text::xid8 AND id > %(above)s",
            after=after_id,
            start=start,
            end=end,
            above=self.above_id,
            limit=limit,
        )

    def restored(self, after_id: int, limit: int) -> list[Recorded]:
        return self._rows("id <= %(above)s", after=after_id, above=self.above_id, limit=limit)

    def _rows(self, where: str, **values: int) -> list[Recorded]:
        rows = self.conn.exec_driver_sql(
            f"SELECT {events.COLUMNS} FROM events WHERE shop_id = %(shop)s AND kind = ANY(%(kinds)s)"
            f" AND id > %(after)s AND {where} ORDER BY id LIMIT %(limit)s",
            {"shop": self.shop_id, "kinds": self.kinds, **values},
        )
        return [events.recorded(row) for row in rows]

    def anything_from(self, start: int) -> bool:
        return self._ask("id", "xid >= %(start)s::text::xid8 LIMIT 1", start=start) is not None


def keep(conn: Connection, shop_id: int, page: Page) -> None:
    """Write down how far the reader is now, in the transaction of what followed. NotYet: another one was faster."""
    before, after = page.before, page.after
    if before == after:
        return
    kept = conn.exec_driver_sql(
        "INSERT INTO event_readers AS r (shop_id, name, from_xid, until_xid, after_id, above_id) VALUES (%(shop)s,"
        " %(name)s, %(new_from)s::text::xid8, %(new_until)s::text::xid8, %(new_after)s, %(new_above)s)"
        " ON CONFLICT (shop_id, name) DO UPDATE SET from_xid = excluded.from_xid, until_xid = excluded.until_xid,"
        " after_id = excluded.after_id, above_id = excluded.above_id"
        f" WHERE {_SAME} AND r.off_at IS NULL",
        {
            "shop": shop_id,
            "name": before.name,
            "from": before.from_xid,
            "until": before.until_xid,
            "after": before.after_id,
            "above": before.above_id,
            "new_from": after.from_xid,
            "new_until": after.until_xid,
            "new_after": after.after_id,
            "new_above": after.above_id,
        },
    )
    if kept.rowcount != 1:
        raise NotYet("Another worker reads these events.", 1.0)


def begin_now(conn: Connection, shop_id: int, name: str) -> None:
    """The reader begins, or goes on, with what happens from now on; what it had not read is passed over."""
    conn.exec_driver_sql(
        "INSERT INTO event_readers (shop_id, name, from_xid, after_id, above_id) SELECT %(shop)s, %(name)s,"
        " pg_snapshot_xmin(pg_current_snapshot()), r.id, r.id FROM (SELECT coalesce(max(restored_id), 0) AS id"
        " FROM own_cluster) r ON CONFLICT (shop_id, name) DO UPDATE SET off_at = NULL, from_xid = excluded.from_xid,"
        " until_xid = NULL, after_id = excluded.after_id, above_id = excluded.above_id",
        {"shop": shop_id, "name": name},
    )


def forget(conn: Connection, shop_id: int, name: str) -> None:
    """Nobody reads under this name any more."""
    conn.exec_driver_sql(
        "DELETE FROM event_readers WHERE shop_id = %(shop)s AND name = %(name)s", {"shop": shop_id, "name": name}
    )


def switched_off(conn: Connection, shop_id: int) -> list[tuple[str, datetime]]:
    """The readers that were left behind, and since when they are off."""
    rows = conn.exec_driver_sql(
        "SELECT name, off_at FROM event_readers WHERE shop_id = %(shop)s AND off_at IS NOT NULL ORDER BY name",
        {"shop": shop_id},
    )
    return [(row[0], row[1]) for row in rows]


def count_off(conn: Connection) -> int:
    """How many readers of all shops are off; in a dispatch transaction."""
    asked = conn.exec_driver_sql("SELECT count(*) FROM event_readers WHERE off_at IS NOT NULL")
    return int(asked.scalar_one())


def go_on(conn: Connection, shop_id: int, name: str | None = None) -> list[str]:
    """Readers that are off (or the named one) read on with what happens from now on; answers their names."""
    rows = conn.exec_driver_sql(
        "UPDATE event_readers SET off_at = NULL, from_xid = pg_snapshot_xmin(pg_current_snapshot()), until_xid = NULL,"
        " after_id = above_id WHERE shop_id = %(shop)s AND off_at IS NOT NULL"
        " AND (%(name)s::text IS NULL OR name = %(name)s) RETURNING name",
        {"shop": shop_id, "name": name},
    )
    return [row[0] for row in rows]
