"""What members said of themselves: the day of their birthday, never the year, and answers to the shop's questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.activities.judging import Born
from plugin.store.database.bulk import to_json


@dataclass(frozen=True, slots=True)
class Profile:
    """`month` and `day` are both there or both None."""

    member_id: int
    month: int | None = None
    day: int | None = None
    set_at: datetime | None = None
    by_staff: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)

    def born(self, zone: ZoneInfo) -> Born | None:
        """The birthday as the rules see it, None where it is not known; days are those of the shop's zone."""
        if self.month is None or self.day is None:
            return None
        set_at = self.set_at or datetime(2000, 1, 1, tzinfo=UTC)
        return Born(self.month, self.day, set_at.astimezone(zone).date(), self.by_staff)


_COLUMNS = "p.member_id, p.birth_month, p.birth_day, p.birthday_set_at, p.birthday_by_staff, p.answers"


def get(conn: Connection, shop_id: int, member_ids: Sequence[int]) -> dict[int, Profile]:
    """The profiles there are of these members."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM member_profiles p WHERE p.shop_id = %(shop)s AND p.member_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(member_ids)},
    )
    return {row[0]: Profile(*row) for row in rows}


def of(conn: Connection, shop_id: int, member_id: int) -> Profile:
    """One member's profile, empty where there is none."""
    return get(conn, shop_id, [member_id]).get(member_id, Profile(member_id))


def set_birthday(
    conn: Connection, shop_id: int, member_id: int, born: tuple[int, int] | None, now: datetime, *, by_staff: bool
) -> None:
    """Keep the (month, day), or forget it (None)."""
    conn.exec_driver_sql(
        "INSERT INTO member_profiles AS p (shop_id, member_id, birth_month, birth_day, birthday_set_at,"
        " birthday_by_staff) VALUES (%(shop)s, %(member)s, %(month)s, %(day)s, %(now)s, %(staff)s)"
        " ON CONFLICT (shop_id, member_id) DO UPDATE SET birth_month = excluded.birth_month,"
        " birth_day = excluded.birth_day, birthday_set_at = excluded.birthday_set_at,"
        " birthday_by_staff = excluded.birthday_by_staff",
        {
            "shop": shop_id,
            "member": member_id,
            "month": born[0] if born else None,
            "day": born[1] if born else None,
            "now": now,
            "staff": by_staff,
        },
    )


def bring_birthdays(conn: Connection, shop_id: int, born: Mapping[int, tuple[int, int]], now: datetime) -> set[int]:
    """Keep the (month, day) of members whose birthday nobody said yet; answers of whom."""
    days = list(born.values())
    rows = conn.exec_driver_sql(
        "INSERT INTO member_profiles AS p (shop_id, member_id, birth_month, birth_day, birthday_set_at,"
        " birthday_by_staff) SELECT %(shop)s, b.member, b.month, b.day, %(now)s, true FROM"
        " unnest(%(members)s::bigint[], %(months)s::smallint[], %(days)s::smallint[]) AS b(member, month, day)"
        " ON CONFLICT (shop_id, member_id) DO UPDATE SET birth_month = excluded.birth_month,"
        " birth_day = excluded.birth_day, birthday_set_at = excluded.birthday_set_at, birthday_by_staff = true"
        " WHERE p.birth_month IS NULL RETURNING p.member_id",
        {"shop": shop_id, "now": now, "members": list(born), "months": [each[0] for each in days],
         "days": [each[1] for each in days]},
    )  # fmt: skip
    return {row[0] for row in rows}


def take_birthdays(conn: Connection, shop_id: int, born: Mapping[int, tuple[int, int]]) -> set[int]:
    """Forget the birthdays that are still these (month, day), kept by staff; answers whose."""
    days = list(born.values())
    rows = conn.exec_driver_sql(
        "UPDATE member_profiles p SET birth_month = NULL, birth_day = NULL, birthday_set_at = NULL,"
        " birthday_by_staff = false"
        " FROM unnest(%(members)s::bigint[], %(months)s::smallint[], %(days)s::smallint[]) AS b(member, month, day)"
        " WHERE p.shop_id = %(shop)s AND p.member_id = b.member AND p.birth_month = b.month AND p.birth_day = b.day"
        " AND p.birthday_by_staff RETURNING p.member_id",
        {"shop": shop_id, "members": list(born), "months": [each[0] for each in days],
         "days": [each[1] for each in days]},
    )  # fmt: skip
    return {row[0] for row in rows}


def set_answers(conn: Connection, shop_id: int, member_id: int, answers: Mapping[str, str]) -> None:
    """Keep the answers, by question; others stay."""
    conn.exec_driver_sql(
        "INSERT INTO member_profiles AS p (shop_id, member_id, answers) VALUES (%(shop)s, %(member)s, %(new)s::jsonb)"
        " ON CONFLICT (shop_id, member_id) DO UPDATE SET answers = p.answers || excluded.answers",
        {"shop": shop_id, "member": member_id, "new": to_json(answers)},
    )


_BORN_ON = (
    " FROM unnest(%(months)s::smallint[], %(days)s::smallint[]) AS d(month, day)"
    " JOIN member_profiles p ON p.shop_id = %(shop)s AND p.birth_month = d.month AND p.birth_day = d.day"
)


def _months_and_days(days: Sequence[tuple[int, int]]) -> dict[str, object]:
    return {"months": [month for month, _ in days], "days": [day for _, day in days]}


def born_on(conn: Connection, shop_id: int, days: Sequence[tuple[int, int]]) -> list[Profile]:
    """Everybody's who was born on one of the (month, day), by member."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS}{_BORN_ON} ORDER BY p.member_id", {"shop": shop_id, **_months_and_days(days)}
    )
    return [Profile(*row) for row in rows]


def to_celebrate(
    conn: Connection, shop_id: int, days: Sequence[tuple[int, int]], after: int, since: datetime, limit: int
) -> list[int]:
    """Living members born on one of the (month, day), by id from `after` on, without such points since then."""
    params = {"shop": shop_id, **_months_and_days(days), "after": after, "since": since, "limit": limit}
    return _due(conn, "birthday", f"SELECT p.member_id{_BORN_ON}", params)


def joined_within(
    conn: Connection, shop_id: int, spans: Sequence[tuple[datetime, datetime]], after: int, since: datetime, limit: int
) -> list[int]:
    """Living members who joined within one of the spans, by id from `after` on, without such points since then."""
    people = (
        "SELECT j.id AS member_id FROM unnest(%(from)s::timestamptz[], %(until)s::timestamptz[]) AS s(a, b)"
        " JOIN members j ON j.shop_id = %(shop)s AND j.joined_at >= s.a AND j.joined_at < s.b"
    )
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    params = {"shop": shop_id, "from": starts, "until": ends, "after": after, "since": since, "limit": limit}
    return _due(conn, "anniversary", people, params)


def _due(conn: Connection, counted_as: str, people: str, params: Mapping[str, object]) -> list[int]:
    rows = conn.exec_driver_sql(
        f"SELECT m.id FROM ({people}) p JOIN members m ON m.shop_id = %(shop)s AND m.id = p.member_id"
        " WHERE m.state = 'member' AND m.id > %(after)s"
        " AND NOT EXISTS (SELECT FROM activity_records r WHERE r.shop_id = m.shop_id AND r.member_id = m.id"
        " AND r.counted_as = %(counted)s AND r.happened_at > %(since)s) ORDER BY m.id LIMIT %(limit)s",
        {**params, "counted": counted_as},
    )
    return [row[0] for row in rows]


def first_joined(conn: Connection, shop_id: int) -> datetime | None:
    """When the shop's first member joined."""
    found: datetime | None = conn.exec_driver_sql(
        "SELECT min(joined_at) FROM members WHERE shop_id = %(shop)s", {"shop": shop_id}
    ).scalar_one()
    return found


def move(conn: Connection, shop_id: int, removed: int, kept: int) -> bool:
    """What is not known of `kept` is taken over; says whether there was anything."""
    params = {"shop": shop_id, "removed": removed, "kept": kept}
    result = conn.exec_driver_sql(
        "INSERT INTO member_profiles AS p (shop_id, member_id, birth_month, birth_day, birthday_set_at,"
        " birthday_by_staff, answers) SELECT shop_id, %(kept)s, birth_month, birth_day, birthday_set_at,"
        " birthday_by_staff, answers FROM member_profiles WHERE shop_id = %(shop)s AND member_id = %(removed)s"
        " ON CONFLICT (shop_id, member_id) DO UPDATE SET answers = excluded.answers || p.answers,"
        " birth_month = coalesce(p.birth_month, excluded.birth_month),"
        " birth_day = CASE WHEN p.birth_month IS NULL THEN excluded.birth_day ELSE p.birth_day END,"
        " birthday_set_at = CASE WHEN p.birth_month IS NULL THEN excluded.birthday_set_at ELSE p.birthday_set_at END,"
        " birthday_by_staff = CASE WHEN p.birth_month IS NULL THEN excluded.birthday_by_staff"
        " ELSE p.birthday_by_staff END",
        params,
    )
    forget(conn, shop_id, removed)
    return result.rowcount > 0


def forget(conn: Connection, shop_id: int, member_id: int) -> None:
    """Erase it."""
    conn.exec_driver_sql(
        "DELETE FROM member_profiles WHERE shop_id = %(shop)s AND member_id = %(member)s",
        {"shop": shop_id, "member": member_id},
    )
