"""Members: Shopify customers, and guests known by their e-mail until they are claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.reach import Person
from plugin.rules.types import Buyer
from plugin.store.database import bulk
from plugin.store.reports import member_stats
from plugin.store.tables import members


@dataclass(frozen=True, slots=True)
class Member:
    """One member, with the cached sums of their ledger."""

    id: int
    customer_id: int | None
    email: str
    first_name: str
    last_name: str
    locale: str
    state: str
    merged_into: int | None
    balance: int
    debt: int
    joined_at: datetime
    last_activity_at: datetime
    welcomed: bool = False
    no_profiling: bool = False
    verified: bool = False
    test_member: bool = False
    no_emails: bool = False
    chosen_locale: str = ""

    @property
    def person(self) -> Person:
        """Whom `rules.reach` is asked about."""
        return Person(
            self.state,
            test=self.test_member,
            has_address=bool(self.email),
            has_account=self.customer_id is not None,
            wants_emails=not self.no_emails,
        )

    @property
    def name(self) -> str:
        """What to call the member in the panel."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or f"Customer {self.customer_id}"


_COLUMNS = (
    "id, customer_id, email, first_name, last_name, locale, state, merged_into, balance, debt,"
    " joined_at, last_activity_at, welcomed, no_profiling, verified, test_member, no_emails,"
    " chosen_locale"
)


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal: trimmed and case-folded."""
    return email.strip().casefold()


def _member(row: Any) -> Member:
    return Member(*row)


def get(conn: Connection, shop_id: int, member_id: int) -> Member | None:
    """One member of this shop."""
    found = _select(conn, "id = %(id)s", {"shop": shop_id, "id": member_id})
    return found[0] if found else None


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int], *, lock: bool = False) -> dict[int, Member]:
    """The members with these ids, in ascending order; locked on demand."""
    params = {"shop": shop_id, "ids": sorted(set(ids))}
    rows = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM {bulk.by_keys('members', lock=lock)}", params)
    return {member.id: member for member in map(_member, rows.fetchall())}


def lock_kept(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Member]:
    """These members, locked; for one who was merged, whom they were merged into. Who is not there is left out."""
    found: dict[int, Member] = {}
    missing = set(ids)
    while missing:
        locked = by_ids(conn, shop_id, missing, lock=True)
        found |= locked
        missing = {one.merged_into for one in locked.values() if one.merged_into} - found.keys()
    return {key: _kept(found, one) for key, one in found.items()}


def _kept(found: Mapping[int, Member], one: Member) -> Member:
    while one.merged_into:
        one = found[one.merged_into]
    return one


def by_customers(conn: Connection, shop_id: int, customer_ids: Iterable[int]) -> dict[int, Member]:
    """Members by Shopify customer id."""
    params = {"shop": shop_id, "ids": sorted(set(customer_ids))}
    rows = _select(conn, "customer_id = ANY(%(ids)s)", params)
    return {member.customer_id: member for member in rows if member.customer_id is not None}


def with_merged(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Member]:
    """These members, whom they were merged into, and everybody else who was merged into those: one person each."""
    params = {"shop": shop_id, "ids": sorted(set(ids))}
    kept = "SELECT coalesce(merged_into, id) FROM members WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
    where = f"(id IN ({kept}) OR merged_into IN ({kept}))"
    return {member.id: member for member in _select(conn, where, params, " ORDER BY id")}


def guests_by_email(conn: Connection, shop_id: int, keys: Iterable[str]) -> dict[str, Member]:
    """Unclaimed guests by e-mail key."""
    params = {"shop": shop_id, "keys": sorted(set(keys))}
    where = "email_key = ANY(%(keys)s) AND customer_id IS NULL AND state = 'guest'"
    return {email_key(member.email): member for member in _select(conn, where, params)}


def by_email(conn: Connection, shop_id: int, keys: Iterable[str]) -> dict[str, Member]:
    """Living members with a customer id, also those who left, by e-mail key (the newest where several share one)."""
    params = {"shop": shop_id, "keys": sorted(set(keys))}
    where = "email_key = ANY(%(keys)s) AND customer_id IS NOT NULL AND state IN ('member', 'left')"
    return {email_key(member.email): member for member in _select(conn, where, params, " ORDER BY id")}


def by_proved_email(conn: Connection, shop_id: int, keys: Iterable[str]) -> dict[str, Member]:
    """The same, of those who proved that the address is theirs: what is said of an address is said of them."""
    params = {"shop": shop_id, "keys": sorted(set(keys))}
    where = "email_key = ANY(%(keys)s) AND customer_id IS NOT NULL AND state IN ('member', 'left') AND verified"
    return {email_key(member.email): member for member in _select(conn, where, params, " ORDER BY id")}


def prove(conn: Connection, shop_id: int, ids: Iterable[int]) -> None:
    """These members proved that their address is theirs."""
    conn.exec_driver_sql(
        "WITH due AS (SELECT id FROM members WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) AND NOT verified"
        " ORDER BY id FOR UPDATE) UPDATE members m SET verified = true FROM due WHERE m.shop_id = %(shop)s"
        " AND m.id = due.id",
        {"shop": shop_id, "ids": sorted(set(ids))},
    )


def after(conn: Connection, shop_id: int, member_id: int, limit: int) -> list[Member]:
    """The next members who can be called by a name or an address, by their number."""
    params = {"shop": shop_id, "after": member_id, "limit": limit}
    return _select(conn, "id > %(after)s AND state <> 'erased'", params, " ORDER BY id LIMIT %(limit)s")


def seen_last(conn: Connection, shop_id: int, limit: int) -> list[int]:
    """The ids of the members and guests who did something last."""
    rows = conn.exec_driver_sql(
        "SELECT member_id FROM member_facets WHERE shop_id = %(shop)s AND state IN ('member', 'guest')"
        " ORDER BY last_activity_at DESC, member_id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [row[0] for row in rows]


def _select(conn: Connection, where: str, params: Mapping[str, object], suffix: str = "") -> list[Member]:
    sql = f"SELECT {_COLUMNS} FROM members WHERE shop_id = %(shop)s AND {where}{suffix}"
    return [_member(row) for row in conn.exec_driver_sql(sql, dict(params)).fetchall()]


def add(
    conn: Connection, shop_id: int, buyers: Sequence[Buyer], joined: Mapping[Buyer, datetime], source: str = "joined"
) -> list[tuple[int, bool]]:
    """Add a member for each buyer; one that somebody else added meanwhile is left as it is. `source`: how they came,
    joined, order, imported or invited.

    Answers (id, whether a guest) of the new ones. Outside tests `add_members` calls it, and records the events.
    """
    rows = [{**_row(shop_id, buyer, joined[buyer]), "source": source} for buyer in sorted(buyers, key=_order)]
    made = bulk.insert(conn, members, rows, conflict="DO NOTHING", returning="id, customer_id IS NULL")
    if made:
        member_stats.mark(conn, shop_id, [row[0] for row in made])
    return [(row[0], row[1]) for row in made]


def _order(buyer: Buyer) -> tuple[int, str]:
    return buyer.customer_id or 0, email_key(buyer.email)


def _row(shop_id: int, buyer: Buyer, joined: datetime) -> dict[str, object]:
    return {
        "shop_id": shop_id,
        "customer_id": buyer.customer_id,
        "email": buyer.email,
        "email_key": email_key(buyer.email),
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "locale": buyer.locale,
        "verified": buyer.verified,
        "state": "guest" if buyer.customer_id is None else "member",
        "joined_at": joined,
        "last_activity_at": joined,
        "told_at": buyer.told_at,
    }


def claim(conn: Connection, shop_id: int, guests: Mapping[int, Buyer]) -> None:
    """Turn guests into members, now that their customer is known."""
    rows = [
        {
            "id": guest,
            "shop_id": shop_id,
            "customer_id": buyer.customer_id,
            "first_name": buyer.first_name,
            "last_name": buyer.last_name,
            "locale": buyer.locale,
            "verified": True,
            "state": "member",
            "told_at": buyer.told_at,
        }
        for guest, buyer in sorted(guests.items())
    ]
    bulk.update(conn, members, rows, ("shop_id", "id"))


def refresh(conn: Connection, shop_id: int, member_id: int, buyer: Buyer) -> bool:
    """Take over what Shopify says of the person; an empty value changes nothing. Says False, and changes nothing at
    all, where it is older than what we hold."""
    told = conn.exec_driver_sql(
        "UPDATE members SET verified = %(verified)s OR (verified AND (%(key)s = '' OR %(key)s = email_key)),"
        " email = coalesce(nullif(%(email)s, ''), email),"
        " email_key = coalesce(nullif(%(key)s, ''), email_key),"
        " first_name = coalesce(nullif(%(first)s, ''), first_name),"
        " last_name = coalesce(nullif(%(last)s, ''), last_name),"
        " locale = coalesce(nullif(%(locale)s, ''), locale), told_at = coalesce(%(told)s, told_at)"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state <> 'erased'"
        " AND (told_at IS NULL OR told_at <= %(told)s)",
        {
            "shop": shop_id,
            "id": member_id,
            "email": buyer.email,
            "key": email_key(buyer.email),
            "first": buyer.first_name,
            "last": buyer.last_name,
            "locale": buyer.locale,
            "told": buyer.told_at,
            "verified": buyer.verified,
        },
    )
    return told.rowcount > 0


def speak(conn: Connection, shop_id: int, languages: Mapping[int, str]) -> None:
    """Keep the language of each of these members, whom the caller has locked."""
    conn.exec_driver_sql(
        "UPDATE members SET locale = told.locale"
        " FROM unnest(%(ids)s::bigint[], %(locales)s::text[]) AS told (id, locale)"
        " WHERE shop_id = %(shop)s AND members.id = told.id AND members.locale <> told.locale AND state <> 'erased'",
        {"shop": shop_id, "ids": list(languages), "locales": list(languages.values())},
    )


def be(conn: Connection, shop_id: int, member_id: int, state: str) -> None:
    """A member who leaves, or comes back; the caller has locked them."""
    conn.exec_driver_sql(
        "UPDATE members SET state = %(state)s WHERE shop_id = %(shop)s AND id = %(id)s AND state IN ('member', 'left')",
        {"shop": shop_id, "id": member_id, "state": state},
    )


def mark_merged(conn: Connection, shop_id: int, member_id: int, into: int) -> None:
    """The member's customer was merged into another's; whatever pointed here now points there."""
    conn.exec_driver_sql(
        "UPDATE members SET merged_into = %(into)s, state = 'merged'"
        " WHERE shop_id = %(shop)s AND (id = %(id)s OR merged_into = %(id)s)",
        {"shop": shop_id, "id": member_id, "into": into},
    )


def erase(conn: Connection, shop_id: int, member_id: int) -> None:
    """Forget who the member was; the sums stay, without a name."""
    conn.exec_driver_sql(
        "UPDATE members SET customer_id = NULL, email = '', email_key = '', first_name = '', last_name = '',"
        " locale = '', state = 'erased', no_profiling = false, test_member = false, no_emails = false,"
        " chosen_locale = ''"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": member_id},
    )


def mark_welcomed(conn: Connection, shop_id: int, ids: Iterable[int]) -> set[int]:
    """Mark members as welcomed; answers those who were not before, locked."""
    rows = conn.exec_driver_sql(
        "WITH due AS (SELECT id FROM members WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) AND NOT welcomed"
        " ORDER BY id FOR UPDATE)"
        " UPDATE members m SET welcomed = true FROM due WHERE m.id = due.id RETURNING m.id",
        {"shop": shop_id, "ids": sorted(set(ids))},
    )
    return {row[0] for row in rows}
