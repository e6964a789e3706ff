"""How often somebody did something within the last hour: one row for each of whom there is a limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

WINDOW = timedelta(hours=1)
_RECENT = "FROM unnest(p.at) AS t(moment) WHERE t.moment > %(since)s"
_TAKE = (
    "INSERT INTO paces AS p (shop_id, who, at, last_at)"
    " SELECT %(shop)s, %(who{n})s, ARRAY[%(now)s::timestamptz], %(now)s {after}"
    " ON CONFLICT (shop_id, who) DO UPDATE"
    f" SET at = ARRAY(SELECT t.moment {_RECENT}) || excluded.last_at, last_at = excluded.last_at"
    f" WHERE (SELECT count(*) {_RECENT}) < %(most{{n}})s RETURNING 1"
)


def take(conn: Connection, shop_id: int, limits: Sequence[tuple[str, int]], now: datetime) -> bool:
    """Count once more for each (who, most an hour) in turn, unless one of them has reached it; says whether all may.

    One statement, and each row is locked and read anew: of many at once no more pass than may. Whoever comes behind
    the one that is full is not counted.
    """
    values: dict[str, object] = {"shop": shop_id, "now": now, "since": now - WINDOW}
    parts = []
    for n, (who, most) in enumerate(limits):
        values |= {f"who{n}": who, f"most{n}": most}
        parts.append(f"s{n} AS ({_TAKE.format(n=n, after=f'FROM s{n - 1}' if n else '')})")
    sql = f"WITH {', '.join(parts)} SELECT count(*) FROM s{len(parts) - 1}"
    return bool(conn.exec_driver_sql(sql, values).scalar_one())


def give_back(conn: Connection, shop_id: int, who: str) -> None:
    """Count the newest one no more."""
    conn.exec_driver_sql(
        "UPDATE paces SET at = trim_array(at, 1) WHERE shop_id = %(shop)s AND who = %(who)s AND cardinality(at) > 0",
        {"shop": shop_id, "who": who},
    )


def last(conn: Connection, shop_id: int, who: str) -> datetime | None:
    """When this one was counted last; None when that was not within the hour, or is forgotten."""
    found = conn.exec_driver_sql(
        "SELECT last_at FROM paces WHERE shop_id = %(shop)s AND who = %(who)s", {"shop": shop_id, "who": who}
    ).one_or_none()
    return found[0] if found else None
