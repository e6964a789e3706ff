"""Money moved to and from customers' store credit: cashback of orders, and points swapped for credit.

What a row says never changes; its state follows what Shopify did: wanted → sending → sent, or refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.rewards.credits import Mark
from plugin.rules.subjects import Order
from plugin.store.database import bulk, subject_sql
from plugin.store.tables import credits


@dataclass(frozen=True, slots=True)
class Credit:
    """One movement: `amount_minor` is due, above nought to the customer, below nought from them.

    `moved_minor` is what the account is moved by: less where earlier debts are set off, or too little is there.
    """

    id: int
    member_id: int
    subject: str
    line: int
    amount_minor: int
    currency: str
    state: str
    moved_minor: int | None
    after_transaction: str
    after_at: datetime | None
    began_at: datetime | None
    shopify_id: str
    found: bool
    expires_at: datetime | None
    notify: bool
    reason: Mapping[str, Any]
    created_at: datetime
    done_at: datetime | None

    @property
    def is_cashback(self) -> bool:
        """Whether an order brought it; else points bought it."""
        return Order.begins(self.subject)

    @property
    def mark(self) -> Mark:
        """The newest transaction of the account when it was begun."""
        return Mark(self.after_transaction, self.after_at)


_COLUMNS = (
    "id, member_id, subject, line, amount_minor, currency, state, moved_minor, after_transaction, after_at, began_at,"
    " shopify_id, found, expires_at, notify, reason, created_at, done_at"
)


def _select(conn: Connection, where: str, params: Mapping[str, object]) -> list[Credit]:
    rows = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM credits WHERE shop_id = %(shop)s AND {where}", dict(params))
    return [Credit(*row) for row in rows]


def get(conn: Connection, shop_id: int, credit_id: int) -> Credit | None:
    """One movement of this shop."""
    found = _select(conn, "id = %(id)s", {"shop": shop_id, "id": credit_id})
    return found[0] if found else None


def of_subject(conn: Connection, shop_id: int, subject: str) -> list[Credit]:
    """What was and is to be moved for an order or a redemption, in the order of its lines."""
    return _select(conn, "subject = %(subject)s ORDER BY line", {"shop": shop_id, "subject": subject})


def of_member(conn: Connection, shop_id: int, member_id: int, limit: int = 50) -> list[Credit]:
    """The member's movements, newest first."""
    params = {"shop": shop_id, "member": member_id, "limit": limit}
    return _select(conn, "member_id = %(member)s ORDER BY id DESC LIMIT %(limit)s", params)


def waiting_of(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> list[Credit]:
    """What these members are still to be given."""
    params = {"shop": shop_id, "members": sorted(set(member_ids))}
    return _select(conn, "member_id = ANY(%(members)s) AND state = 'wanted' ORDER BY id", params)


def add(conn: Connection, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Write movements down, each line of a subject once; answers the ids of the new ones."""
    conflict = "ON CONSTRAINT credits_once DO NOTHING"
    return [row[0] for row in bulk.insert(conn, credits, rows, conflict=conflict, returning="id")]


def begin(conn: Connection, shop_id: int, credit_id: int, moving_minor: int, before: Mark, now: datetime) -> None:
    """From here on nobody knows whether it was carried out, until Shopify has said so."""
    conn.exec_driver_sql(
        "UPDATE credits SET state = 'sending', moved_minor = %(moving)s, after_transaction = %(mark)s,"
        " after_at = %(at)s, began_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'wanted'",
        {"shop": shop_id, "id": credit_id, "moving": moving_minor, "mark": before.id, "at": before.at, "now": now},
    )


def not_done(conn: Connection, shop_id: int, credit_id: int) -> None:
    """Shopify says that nothing was moved: it can be begun again."""
    conn.exec_driver_sql(
        "UPDATE credits SET state = 'wanted', moved_minor = NULL, began_at = NULL"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'sending'",
        {"shop": shop_id, "id": credit_id},
    )


def done(
    conn: Connection, shop_id: int, credit_id: int, moved_minor: int, shopify_id: str, now: datetime, *,
    found: bool = False,
) -> None:  # fmt: skip
    """The account was moved by this much, in this transaction (empty when nothing had to be moved)."""
    conn.exec_driver_sql(
        "UPDATE credits SET state = 'sent', moved_minor = %(moved)s, shopify_id = %(gid)s, found = %(found)s,"
        " done_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s AND state IN ('wanted', 'sending')",
        {"shop": shop_id, "id": credit_id, "moved": moved_minor, "gid": shopify_id, "found": found, "now": now},
    )


def refuse(conn: Connection, shop_id: int, credit_id: int, now: datetime) -> None:
    """It will not be carried out, and nothing was moved."""
    conn.exec_driver_sql(
        "UPDATE credits SET state = 'refused', moved_minor = 0, done_at = %(now)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state IN ('wanted', 'sending')",
        {"shop": shop_id, "id": credit_id, "now": now},
    )


def owed(conn: Connection, shop_id: int, member_id: int, currency: str) -> int:
    """Cashback that was to be taken back and was not there, and has not been set off since."""
    row = conn.exec_driver_sql(
        "SELECT coalesce(sum(moved_minor - amount_minor), 0) FROM credits WHERE shop_id = %(shop)s"
        f" AND member_id = %(member)s AND currency = %(currency)s AND state = 'sent'"
        f" AND {subject_sql.begins(Order, 'subject')}",
        {"shop": shop_id, "member": member_id, "currency": currency},
    ).one()
    return int(row[0])


def claimed(conn: Connection, shop_id: int, transactions: Iterable[str]) -> set[str]:
    """Which of these transactions belong to movements of ours."""
    rows = conn.exec_driver_sql(
        "SELECT shopify_id FROM credits WHERE shop_id = %(shop)s AND shopify_id = ANY(%(ids)s) AND shopify_id <> ''",
        {"shop": shop_id, "ids": list(transactions)},
    )
    return {row[0] for row in rows}


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """Movements follow a merged customer."""
    conn.exec_driver_sql(
        "UPDATE credits SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )


def totals(conn: Connection, shop_id: int) -> dict[str, int]:
    """Cashback paid out, taken back and waiting, in minor units, by name; `owed` is what could not be taken."""
    row = conn.exec_driver_sql(
        "SELECT coalesce(sum(moved_minor) FILTER (WHERE state = 'sent' AND amount_minor > 0), 0),"
        " coalesce(-sum(moved_minor) FILTER (WHERE state = 'sent' AND amount_minor < 0), 0),"
        " coalesce(sum(amount_minor) FILTER (WHERE state IN ('wanted', 'sending')), 0),"
        " coalesce(sum(moved_minor - amount_minor) FILTER (WHERE state = 'sent'), 0)"
        f" FROM credits WHERE shop_id = %(shop)s AND {subject_sql.begins(Order, 'subject')}",
        {"shop": shop_id},
    ).one()
    return dict(zip(("paid", "taken_back", "waiting", "owed"), (int(value) for value in row), strict=True))
