"""Sets of codes made ahead: what is wanted, which calls were made for it, which codes are there, given, used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.tables import code_calls, code_sets

_COLUMNS = "id, purpose, name, terms, terms_key, wanted, state, shopify_id, starts_at, ends_at, created_at, last_error"


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Codes that share one discount in the shop."""

    id: int
    purpose: str
    name: str
    terms: Mapping[str, Any]
    terms_key: str
    wanted: int
    state: str
    shopify_id: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    last_error: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many codes of a set have been asked for, refused, are there, and were used."""

    called: int = 0
    refused: int = 0
    there: int = 0
    used: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call for the numbers `first` to `last`; `made_again`: how often it was given up on and sent once more."""

    first: int
    last: int
    state: str
    creation: str
    sent_at: datetime
    made_again: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """A code of a pool that was given to a redemption."""

    redemption_id: int
    code: str
    number: int
    shopify_id: str
    ends_at: datetime


def _select(conn: Connection, where: str, params: Mapping[str, object]) -> list[CodeSet]:
    sql = f"SELECT {_COLUMNS} FROM code_sets WHERE shop_id = %(shop)s AND {where}"
    return [CodeSet(*row) for row in conn.exec_driver_sql(sql, dict(params))]


def add(conn: Connection, shop_id: int, row: Mapping[str, object]) -> int | None:
    """Write a set down; None when there is such a pool already."""
    made = bulk.insert(conn, code_sets, [{"shop_id": shop_id, **row}], conflict="DO NOTHING", returning="id")
    return int(made[0][0]) if made else None


def get(conn: Connection, shop_id: int, set_id: int, *, lock: bool = False) -> CodeSet | None:
    """One set of this shop."""
    found = _select(conn, "id = %(id)s" + (" FOR UPDATE" if lock else ""), {"shop": shop_id, "id": set_id})
    return found[0] if found else None


def campaigns(conn: Connection, shop_id: int, limit: int = 50) -> list[CodeSet]:
    """The newest batches."""
    where = "purpose = 'campaign' ORDER BY id DESC LIMIT %(limit)s"
    return _select(conn, where, {"shop": shop_id, "limit": limit})


def campaign_of(conn: Connection, shop_id: int, key: str) -> CodeSet | None:
    """The batch that a form made, by the form's own key."""
    found = _select(conn, "purpose = 'campaign' AND terms_key = %(key)s", {"shop": shop_id, "key": key})
    return found[0] if found else None


def pools(conn: Connection, shop_id: int, now: datetime) -> list[CodeSet]:
    """The pools whose codes are still good."""
    where = "purpose = 'next_order' AND state IN ('filling', 'ready') AND ends_at > %(now)s ORDER BY id"
    return _select(conn, where, {"shop": shop_id, "now": now})


def change(conn: Connection, shop_id: int, set_id: int, **values: object) -> None:
    """New values for a set: state, shopify_id, wanted or last_error."""
    bulk.update(conn, code_sets, [{"shop_id": shop_id, "id": set_id, **values}], ("shop_id", "id"))


def progress(conn: Connection, shop_id: int, set_ids: Iterable[int]) -> dict[int, Progress]:
    """How far each of the sets is."""
    rows = conn.exec_driver_sql(
        "SELECT set_id, max(number) + 1, count(*) FILTER (WHERE state = 'refused'),"
        " count(*) FILTER (WHERE state IN ('there', 'given')), count(used_by_order)"
        " FROM set_codes WHERE shop_id = %(shop)s AND set_id = ANY(%(ids)s) GROUP BY set_id",
        {"shop": shop_id, "ids": list(set_ids)},
    )
    return {row[0]: Progress(*row[1:]) for row in rows}


def write_down(conn: Connection, shop_id: int, set_id: int, first: int, codes: Sequence[str]) -> None:
    """The codes from number `first` on are about to be asked for."""
    conn.exec_driver_sql(
        "INSERT INTO set_codes (shop_id, set_id, number, code) SELECT %(shop)s, %(set)s, %(first)s + place - 1, code"
        " FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS c(code, place) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "set": set_id, "first": first, "codes": list(codes)},
    )


def codes_of(conn: Connection, shop_id: int, set_id: int, first: int, last: int) -> dict[str, int]:
    """The codes of these numbers, and their numbers."""
    rows = conn.exec_driver_sql(
        "SELECT code, number FROM set_codes WHERE shop_id = %(shop)s AND set_id = %(set)s"
        " AND number BETWEEN %(first)s AND %(last)s ORDER BY number",
        {"shop": shop_id, "set": set_id, "first": first, "last": last},
    )
    return {row[0]: row[1] for row in rows}


def all_codes(conn: Connection, shop_id: int, set_id: int, after: int, limit: int) -> list[tuple[int, str, str]]:
    """Number, code and use of the codes that are there, after a number."""
    rows = conn.exec_driver_sql(
        "SELECT number, code, CASE WHEN used_by_order IS NULL THEN '' ELSE 'used' END FROM set_codes"
        " WHERE shop_id = %(shop)s AND set_id = %(set)s AND number > %(after)s AND state IN ('there', 'given')"
        " ORDER BY number LIMIT %(limit)s",
        {"shop": shop_id, "set": set_id, "after": after, "limit": limit},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def are_there(conn: Connection, shop_id: int, set_id: int, first: int, last: int, refused: Iterable[int] = ()) -> None:
    """Shopify has made the codes of these numbers, but for the refused ones."""
    conn.exec_driver_sql(
        "UPDATE set_codes SET state = CASE WHEN number = ANY(%(refused)s) THEN 'refused' ELSE 'there' END"
        " WHERE shop_id = %(shop)s AND set_id = %(set)s AND number BETWEEN %(first)s AND %(last)s AND state = 'wanted'",
        {"shop": shop_id, "set": set_id, "first": first, "last": last, "refused": list(refused)},
    )


def begin_call(conn: Connection, shop_id: int, set_id: int, call: Call) -> None:
    """A call is about to be made."""
    conn.exec_driver_sql(
        "INSERT INTO code_calls (shop_id, set_id, first, last, sent_at)"
        " VALUES (%(shop)s, %(set)s, %(first)s, %(last)s, %(at)s)",
        {"shop": shop_id, "set": set_id, "first": call.first, "last": call.last, "at": call.sent_at},
    )


def change_call(conn: Connection, shop_id: int, set_id: int, call: Call) -> None:
    """How far a call is."""
    row = {"state": call.state, "creation": call.creation, "sent_at": call.sent_at, "made_again": call.made_again}
    key = {"shop_id": shop_id, "set_id": set_id, "first": call.first}
    bulk.update(conn, code_calls, [key | row], tuple(key))


def open_calls(conn: Connection, shop_id: int, set_id: int) -> list[Call]:
    """The calls whose outcome is not known yet."""
    rows = conn.exec_driver_sql(
        "SELECT first, last, state, creation, sent_at, made_again FROM code_calls"
        " WHERE shop_id = %(shop)s AND set_id = %(set)s AND state <> 'done' ORDER BY first",
        {"shop": shop_id, "set": set_id},
    )
    return [Call(*row) for row in rows]


def give(conn: Connection, shop_id: int, key: str, until: datetime, redemption_ids: Sequence[int]) -> list[Given]:
    """Take a code of the pool for each of these redemptions, as far as there are any, good until then at least."""
    rows = conn.exec_driver_sql(
        "WITH free AS MATERIALIZED (SELECT c.set_id, c.number, s.shopify_id, s.ends_at FROM code_sets s"
        " JOIN set_codes c ON c.shop_id = s.shop_id AND c.set_id = s.id AND c.state = 'there'"
        " WHERE s.shop_id = %(shop)s AND s.purpose = 'next_order' AND s.terms_key = %(key)s"
        " AND s.state IN ('filling', 'ready') AND s.ends_at >= %(until)s"
        " ORDER BY s.ends_at, c.set_id, c.number LIMIT %(count)s FOR UPDATE OF c SKIP LOCKED),"
        " numbered AS (SELECT *, row_number() OVER (ORDER BY ends_at, set_id, number) AS place FROM free)"
        " UPDATE set_codes c SET state = 'given', redemption_id = (%(ids)s::bigint[])[n.place] FROM numbered n"
        " WHERE c.shop_id = %(shop)s AND c.set_id = n.set_id AND c.number = n.number"
        " RETURNING c.redemption_id, c.code, c.number, n.shopify_id, n.ends_at",
        {"shop": shop_id, "key": key, "until": until, "count": len(redemption_ids), "ids": list(redemption_ids)},
    )
    return [Given(*row) for row in rows]


def left(conn: Connection, shop_id: int, set_id: int, most: int) -> int:
    """How many codes of a set nobody has yet; it is not counted further than to `most`."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM (SELECT FROM set_codes WHERE shop_id = %(shop)s AND set_id = %(set)s"
        " AND state = 'there' LIMIT %(most)s) x",
        {"shop": shop_id, "set": set_id, "most": most},
    ).one()
    return int(row[0])


def of_redemption(conn: Connection, shop_id: int, redemption_id: int) -> CodeSet | None:
    """The pool that a redemption's code came from; None for a code of its own."""
    where = "id = (SELECT set_id FROM set_codes WHERE shop_id = %(shop)s AND redemption_id = %(redemption)s)"
    found = _select(conn, where, {"shop": shop_id, "redemption": redemption_id})
    return found[0] if found else None


def use(conn: Connection, shop_id: int, order_ids: Mapping[str, int]) -> None:
    """These codes (upper-case → order) were used, where they are of a set."""
    conn.exec_driver_sql(
        "UPDATE set_codes c SET used_by_order = u.order_id"
        " FROM unnest(%(codes)s::text[], %(orders)s::bigint[]) AS u(code, order_id)"
        " WHERE c.shop_id = %(shop)s AND upper(c.code) = u.code AND c.used_by_order IS NULL",
        {"shop": shop_id, "codes": list(order_ids), "orders": list(order_ids.values())},
    )


def given_since(conn: Connection, shop_id: int, reward: str, since: datetime) -> int:
    """How many codes of this reward were given since then."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM redemptions WHERE shop_id = %(shop)s AND created_at >= %(since)s AND reward = %(reward)s",
        {"shop": shop_id, "since": since, "reward": reward},
    ).one()
    return int(row[0])
