"""What rules of the programme gave by themselves: to whom, on which occasion, and whether it still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules import subjects
from plugin.rules.types import Reason
from plugin.store.database import bulk
from plugin.store.database.turns import take_turn
from plugin.store.tables import gifts


@dataclass(frozen=True, slots=True)
class Gift:
    """One gift. `terms` are the rule as it was; `points` what the ledger says that the member has of it.

    `round` counts how often it was given: what was taken back may be deserved again.
    """

    id: int
    member_id: int
    rule: str
    occasion: str
    at: datetime
    day: date
    state: str
    round: int
    points: int
    forgiven: int
    terms: Mapping[str, Any]
    why: Reason
    changed_at: datetime

    @property
    def subject(self) -> str:
        """How its redemption and its mail name it."""
        return str(subjects.Gift(self.id, self.round))

    @property
    def entry_subject(self) -> str:
        """How its entries name it."""
        return str(self._entries)

    @property
    def entry_kind(self) -> str:
        """The kind of the entries that give; those that take back end in `_back`."""
        return self._entries.WORD

    @property
    def _entries(self) -> subjects.Milestone | subjects.Automatic:
        if self.rule.startswith("m"):
            return subjects.Milestone(self.rule)
        return subjects.Automatic(self.rule, self.occasion)


_COLUMNS = "id, member_id, rule, occasion, at, day, state, round, points, forgiven, terms, why, changed_at"


def _gift(row: Any) -> Gift:
    values = dict(row._mapping)
    return Gift(**values | {"why": Reason(str(row.why[0]), row.why[1])})


def _select(conn: Connection, where: str, params: Mapping[str, object]) -> list[Gift]:
    sql = f"SELECT {_COLUMNS} FROM gifts WHERE shop_id = %(shop)s AND {where}"
    return [_gift(row) for row in conn.exec_driver_sql(sql, dict(params))]


def alone(conn: Connection, shop_id: int) -> None:
    """Wait until nobody else gives by rules in this shop, till the transaction ends: caps are exact."""
    take_turn(conn, shop_id, "gifts")


def add(conn: Connection, rows: Sequence[Mapping[str, object]]) -> list[Gift]:
    """Write gifts down; answers those that did not exist before."""
    conflict = "ON CONSTRAINT gifts_once DO NOTHING"
    return [_gift(row) for row in bulk.insert(conn, gifts, rows, conflict=conflict, returning=_COLUMNS)]


def save(conn: Connection, shop_id: int, changed: Sequence[Gift]) -> None:
    """Keep what became of them."""
    rows = [
        {"shop_id": shop_id, "id": one.id, "state": one.state, "round": one.round, "points": one.points,
         "forgiven": one.forgiven, "why": [one.why.code, one.why.values], "changed_at": one.changed_at}
        for one in changed
    ]  # fmt: skip
    bulk.update(conn, gifts, rows, ("shop_id", "id"))


def get(conn: Connection, shop_id: int, gift_id: int) -> Gift | None:
    """One gift of this shop."""
    found = _select(conn, "id = %(id)s", {"shop": shop_id, "id": gift_id})
    return found[0] if found else None


def of_members(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> list[Gift]:
    """Everything that these members were given by rules, in the order in which it was."""
    params = {"shop": shop_id, "ids": sorted(set(member_ids))}
    return _select(conn, "member_id = ANY(%(ids)s) ORDER BY id", params)


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> list[Gift]:
    """Gifts by id, ascending."""
    return _select(conn, "id = ANY(%(ids)s) ORDER BY id", {"shop": shop_id, "ids": sorted(set(ids))})


def recent(conn: Connection, shop_id: int, rule: str, limit: int) -> list[Gift]:
    """What a rule gave or took back last."""
    params = {"shop": shop_id, "rule": rule, "limit": limit}
    return _select(conn, "rule = %(rule)s ORDER BY changed_at DESC, id DESC LIMIT %(limit)s", params)


def counts(conn: Connection, shop_id: int, today: date) -> dict[str, tuple[int, int]]:
    """Per rule: how many gifts stand in total, and how many were given on this day."""
    rows = conn.exec_driver_sql(
        "SELECT rule, count(*) FILTER (WHERE state = 'given'), count(*) FILTER (WHERE day = %(today)s)"
        " FROM gifts WHERE shop_id = %(shop)s GROUP BY rule",
        {"shop": shop_id, "today": today},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """Gifts follow a merged customer; one that both had stays where it was, unless the other no longer stands."""
    params = {"shop": shop_id, "from": from_member, "to": to_member}
    conn.exec_driver_sql(
        "DELETE FROM gifts k USING gifts r WHERE k.shop_id = %(shop)s AND k.member_id = %(to)s AND k.state = 'back'"
        " AND r.shop_id = %(shop)s AND r.member_id = %(from)s AND r.rule = k.rule AND r.occasion = k.occasion"
        " AND r.state = 'given'",
        params,
    )
    conn.exec_driver_sql(
        "UPDATE gifts r SET member_id = %(to)s WHERE r.shop_id = %(shop)s AND r.member_id = %(from)s AND NOT EXISTS ("
        "SELECT FROM gifts k WHERE k.shop_id = %(shop)s AND k.member_id = %(to)s AND k.rule = r.rule"
        " AND k.occasion = r.occasion)",
        params,
    )
