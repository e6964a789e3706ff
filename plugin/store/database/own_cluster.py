"""Which PostgreSQL cluster the database is in: transactions are numbered anew in another one, as after a restore.

Windows of events are made of these numbers. Whatever was restored lies still, so that it can be read by the events' own
numbers, which go on; what comes afterwards is read by the new cluster's transactions.
"""

from __future__ import annotations

from sqlalchemy import Connection

_HERE = "SELECT system_identifier::text FROM pg_control_system()"
_UNREAD = (
    "CASE WHEN e.id <= r.above_id THEN e.id > r.after_id ELSE e.xid >= r.from_xid"
    " AND (r.until_xid IS NULL OR e.xid >= r.until_xid OR e.id > r.after_id) END"
)
_FENCE = "ALTER TABLE {} {}FORCE ROW LEVEL SECURITY"
_TABLES = ("events", "event_readers")


def is_same(conn: Connection) -> bool:
    """Whether it still is the cluster that the events' transactions are of; yes where none was noted."""
    asked = conn.exec_driver_sql(f"SELECT NOT EXISTS (SELECT FROM own_cluster WHERE system_identifier <> ({_HERE}))")
    return bool(asked.scalar_one())


def note(conn: Connection) -> bool:
    """Note the cluster; says whether it is another one than before, and every reader of the events was told.

    Runs as the tables' owner, when nobody writes in the new cluster yet: `suki migrate` does it.
    """
    same = is_same(conn)
    if not same:
        _read_by_number(conn)
    conn.exec_driver_sql(
        f"INSERT INTO own_cluster (system_identifier) SELECT ({_HERE}) WHERE NOT EXISTS (SELECT FROM own_cluster)"
    )
    return not same


def _read_by_number(conn: Connection) -> None:
    """What each reader has not read of what was restored it reads by the events' numbers, some of it perhaps twice."""
    for table in _TABLES:
        conn.exec_driver_sql(_FENCE.format(table, "NO "))
    conn.exec_driver_sql("LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE")
    last = conn.exec_driver_sql("SELECT last_value FROM events_id_seq").scalar_one()
    conn.exec_driver_sql(
        "UPDATE event_readers r SET from_xid = '0', until_xid = NULL, above_id = %(last)s, after_id = coalesce("
        f"(SELECT min(e.id) - 1 FROM events e WHERE e.shop_id = r.shop_id AND {_UNREAD}), %(last)s)",
        {"last": last},
    )
    conn.exec_driver_sql(
        f"UPDATE own_cluster SET system_identifier = ({_HERE}), restored_id = %(last)s", {"last": last}
    )
    for table in _TABLES:
        conn.exec_driver_sql(_FENCE.format(table, ""))
