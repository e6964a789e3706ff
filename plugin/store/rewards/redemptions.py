"""Redemptions: one use of points, a reward given for none, or the code for the next order.

`code_state` says what Shopify has: wanted → created, or unwanted → disabled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.types import Reason
from plugin.store.database import bulk
from plugin.store.tables import redemptions

NEXT_ORDER = "next_order_code"
A_REWARD = f"reward <> '{NEXT_ORDER}'"
"""In SQL: one of the programme's rewards, bought or given; as the partial indexes have it."""


@dataclass(frozen=True, slots=True)
class Redemption:
    """One redemption. `terms` are copied when it is made, so later changes never touch it."""

    id: int
    member_id: int
    reward: str
    subject: str
    points: int
    terms: Mapping[str, Any]
    state: str
    code: str
    code_state: str
    shopify_id: str
    captured_by_order: int | None
    created_at: datetime
    issued_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    given_back: bool = False
    ended_why: str = ""
    ended_by: str = ""
    secret: bytes | None = None
    back_points: int = 0

    @property
    def kind(self) -> str:
        """The kind of reward; for a next-order code, what it takes off."""
        return str(self.terms.get("kind", ""))

    @property
    def is_reward(self) -> bool:
        """Whether it is one of the programme's rewards, bought or given; else it is the code for the next order."""
        return self.reward != NEXT_ORDER

    @property
    def given(self) -> Reason | None:
        """Why it was given for nothing; nothing where points bought it."""
        given = self.terms.get("given")
        return Reason(str(given["why"][0]), given["why"][1]) if given else None

    @property
    def deduct(self) -> str:
        """When the points go: once it is redeemed, or once an order used it."""
        return str(self.terms.get("deduct") or "redeemed")

    @property
    def is_money(self) -> bool:
        """Whether it is a gift card or store credit."""
        return self.is_reward and self.kind in ("gift_card", "store_credit", "store_credit_slider")

    @property
    def is_reference(self) -> bool:
        """Whether its code is no discount code, but a name to speak of it by."""
        return self.code_state == "none" or self.is_money

    @property
    def title(self) -> str:
        """What the reward was called when it was redeemed."""
        return str(self.terms.get("name") or "Code for the next order")


_COLUMNS = (
    "id, member_id, reward, subject, points, terms, state, code, code_state, shopify_id,"
    " captured_by_order, created_at, issued_at, expires_at, ended_at, given_back, ended_why, ended_by, secret,"
    " back_points"
)


def _select(conn: Connection, where: str, params: Mapping[str, object]) -> list[Redemption]:
    sql = f"SELECT {_COLUMNS} FROM redemptions WHERE shop_id = %(shop)s AND {where}"
    return [Redemption(*row) for row in conn.exec_driver_sql(sql, dict(params))]


def get(conn: Connection, shop_id: int, redemption_id: int, *, lock: bool = False) -> Redemption | None:
    """One redemption of this shop."""
    where = "id = %(id)s" + (" FOR UPDATE" if lock else "")
    found = _select(conn, where, {"shop": shop_id, "id": redemption_id})
    return found[0] if found else None


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Redemption]:
    """Redemptions by id."""
    rows = _select(conn, "id = ANY(%(ids)s)", {"shop": shop_id, "ids": list(ids)})
    return {row.id: row for row in rows}


def by_subjects(conn: Connection, shop_id: int, reward: str, subjects: Iterable[str]) -> dict[str, Redemption]:
    """Redemptions of one reward by what they were given for."""
    params = {"shop": shop_id, "reward": reward, "subjects": list(subjects)}
    rows = _select(conn, "reward = %(reward)s AND subject = ANY(%(subjects)s)", params)
    return {row.subject: row for row in rows}


def booked(conn: Connection, shop_id: int, member_id: int, subject: str) -> Redemption | None:
    """What the member got for this already, whichever reward it was."""
    params = {"shop": shop_id, "member": member_id, "subject": subject}
    rows = _select(conn, "member_id = %(member)s AND subject = %(subject)s", params)
    return next(iter(rows), None)


def by_codes(conn: Connection, shop_id: int, codes: Iterable[str]) -> dict[str, Redemption]:
    """Redemptions by code, in any case; the keys are upper-case."""
    params = {"shop": shop_id, "codes": sorted({code.upper() for code in codes})}
    return {row.code.upper(): row for row in _select(conn, "upper(code) = ANY(%(codes)s)", params)}


def of_member(conn: Connection, shop_id: int, member_id: int, limit: int = 50) -> list[Redemption]:
    """The member's redemptions, newest first."""
    params = {"shop": shop_id, "member": member_id, "limit": limit}
    return _select(conn, "member_id = %(member)s ORDER BY id DESC LIMIT %(limit)s", params)


def rewards_of_member(
    conn: Connection, shop_id: int, member_id: int, limit: int, before: int | None = None
) -> list[Redemption]:
    """What the member bought or was given of the programme's rewards, newest first; `before` this one."""
    where = f"member_id = %(member)s AND {A_REWARD}" + ("" if before is None else " AND id < %(before)s")
    params = {"shop": shop_id, "member": member_id, "limit": limit, "before": before}
    return _select(conn, f"{where} ORDER BY id DESC LIMIT %(limit)s", params)


def reserve(conn: Connection, rows: Sequence[Mapping[str, object]]) -> list[tuple[int, str]]:
    """Write redemptions down; answers (id, subject) of those that did not exist before."""
    made = bulk.insert(
        conn,
        redemptions,
        rows,
        conflict="ON CONSTRAINT redemptions_once DO NOTHING",
        returning="id, subject",
    )
    return [(row[0], row[1]) for row in made]


def issued(conn: Connection, shop_id: int, redemption_id: int, shopify_id: str, now: datetime) -> None:
    """The code exists in the shop. One that is no longer wanted meanwhile stays so."""
    conn.exec_driver_sql(
        "UPDATE redemptions SET shopify_id = %(gid)s, issued_at = %(now)s,"
        " code_state = CASE WHEN code_state = 'wanted' THEN 'created' ELSE code_state END"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": redemption_id, "gid": shopify_id, "now": now},
    )


def capture(conn: Connection, shop_id: int, order_ids: Mapping[int, int], now: datetime) -> None:
    """The codes of these redemptions (id → order) were used."""
    rows = [
        {"shop_id": shop_id, "id": key, "state": "captured", "captured_by_order": order, "ended_at": now}
        for key, order in order_ids.items()
    ]
    bulk.update(conn, redemptions, rows, ("shop_id", "id"))


def unwant(conn: Connection, shop_id: int, reward: str, subjects: Iterable[str]) -> list[int]:
    """The unused codes of these subjects are to be disabled; answers their ids."""
    rows = conn.exec_driver_sql(
        "UPDATE redemptions SET code_state = 'unwanted' WHERE shop_id = %(shop)s AND reward = %(reward)s"
        " AND subject = ANY(%(subjects)s) AND state = 'reserved' AND code_state IN ('wanted', 'created')"
        " RETURNING id",
        {"shop": shop_id, "reward": reward, "subjects": list(subjects)},
    )
    return [row[0] for row in rows]


def disabled_but_used(conn: Connection, shop_id: int, redemption_id: int) -> None:
    """The code is disabled; somebody used it before: the order that did will capture it."""
    conn.exec_driver_sql(
        "UPDATE redemptions SET code_state = 'disabled' WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": redemption_id},
    )


def keep_secret(conn: Connection, shop_id: int, redemption_id: int, secret: bytes, ending: str = "") -> None:
    """Write a gift card's code down, encrypted, before Shopify is asked to make it; its last characters, which Shopify
    shows to staff, are what a search finds it by."""
    conn.exec_driver_sql(
        "UPDATE redemptions SET secret = %(secret)s WHERE shop_id = %(shop)s AND id = %(id)s AND secret IS NULL",
        {"shop": shop_id, "id": redemption_id, "secret": secret},
    )
    if ending:
        conn.exec_driver_sql(
            "INSERT INTO member_codes (shop_id, code, member_id) SELECT shop_id, %(ending)s, member_id FROM redemptions"
            " WHERE shop_id = %(shop)s AND id = %(id)s ON CONFLICT DO NOTHING",
            {"shop": shop_id, "id": redemption_id, "ending": ending},
        )


def spent(conn: Connection, shop_id: int, redemption_id: int, code_state: str, now: datetime) -> bool:
    """Shopify says that some of the money is spent: it cannot come back. Says whether that was not known."""
    result = conn.exec_driver_sql(
        "UPDATE redemptions SET state = 'captured', code_state = %(code_state)s, ended_why = 'money_spent',"
        " ended_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'reserved'",
        {"shop": shop_id, "id": redemption_id, "code_state": code_state, "now": now},
    )
    return result.rowcount == 1


def replace_card(conn: Connection, shop_id: int, redemption_id: int, rest: str, now: datetime) -> bool:
    """The card was spent in part before it was deactivated: what is left (major units) goes to a new one.

    Says whether that was not known.
    """
    result = conn.exec_driver_sql(
        "UPDATE redemptions SET state = 'captured', code_state = 'wanted', ended_why = 'money_spent',"
        " ended_at = %(now)s, secret = NULL, shopify_id = '', terms = terms || jsonb_build_object("
        " 'value', %(rest)s::text, 'first_value', terms->'value')"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'reserved'",
        {"shop": shop_id, "id": redemption_id, "rest": rest, "now": now},
    )
    return result.rowcount == 1


def newest_codes(
    conn: Connection, shop_id: int, member_ids: Iterable[int], now: datetime
) -> dict[int, tuple[str, datetime | None]]:
    """Per member the newest next-order code that exists, is unused and not expired, and when it expires."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT ON (member_id) member_id, code, expires_at FROM redemptions WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(ids)s) AND reward = %(reward)s AND state = 'reserved' AND code_state = 'created'"
        " AND (expires_at IS NULL OR expires_at > %(now)s) ORDER BY member_id, id DESC",
        {"shop": shop_id, "ids": list(member_ids), "now": now, "reward": NEXT_ORDER},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def release(conn: Connection, shop_id: int, redemption_id: int, now: datetime) -> bool:
    """The code is disabled and was not used; says whether that was still open."""
    result = conn.exec_driver_sql(
        "UPDATE redemptions SET state = 'released', code_state = 'disabled', ended_at = %(now)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'reserved'",
        {"shop": shop_id, "id": redemption_id, "now": now},
    )
    return result.rowcount == 1


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """Redemptions follow a merged customer."""
    conn.exec_driver_sql(
        "UPDATE redemptions SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )
