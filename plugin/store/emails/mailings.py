"""Mailings as they are stored: what they say, to whom, when, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.mailings.mailing import Letter, read_texts
from plugin.rules.names.news import Mailed
from plugin.store.database.bulk import to_json
from plugin.store.reports.buyers import BOUGHT

PAGE = 500
DRAFT, PLANNED, WRITTEN, CANCELED = "draft", "planned", "written", "canceled"


@dataclass(frozen=True, slots=True)
class Mailing:
    """One mailing. `written`: so many of its emails are written down; `written` as a state: all of them."""

    id: int
    letter: Letter
    written: int
    state: str
    made_by: str
    created_at: datetime
    send_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Size:
    """How many members it is for; of how many it is known that they agreed to marketing emails, of how many nothing."""

    members: int
    agreed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of a mailing's emails are in a state, and why."""

    mailing_id: int
    state: str
    why: str
    number: int


_COLUMNS = "id, name, language, texts, code, bought, tier, most, written, state, made_by, created_at, send_at, ended_at"


def _mailing(row: tuple[object, ...]) -> Mailing:
    number, name, language, texts, code, bought, tier, most, *rest = row
    letter = Letter(
        name=str(name),
        language=str(language),
        texts=read_texts(texts),  # type: ignore[arg-type]
        code=str(code),
        bought=str(bought),
        tier=str(tier),
        most=int(str(most)),
    )
    return Mailing(int(str(number)), letter, *rest)  # type: ignore[arg-type]


def _values(shop_id: int, letter: Letter) -> dict[str, object]:
    texts = {language: text.stored() for language, text in letter.texts.items()}
    return {
        "shop": shop_id,
        "name": letter.name,
        "language": letter.language,
        "texts": to_json(texts),
        "code": letter.code,
        "bought": letter.bought,
        "tier": letter.tier,
        "most": letter.most,
    }


def add(conn: Connection, shop_id: int, letter: Letter, key: str, made_by: str, now: datetime) -> tuple[int, bool]:
    """Keep a draft; one that was kept by this key stays. Answers its number, and whether it is new."""
    values = {**_values(shop_id, letter), "key": key, "by": made_by, "now": now}
    made = conn.exec_driver_sql(
        "INSERT INTO mailings (shop_id, name, language, texts, code, bought, tier, most, key, made_by, created_at)"
        " VALUES (%(shop)s, %(name)s, %(language)s, %(texts)s::jsonb, %(code)s, %(bought)s, %(tier)s, %(most)s,"
        " %(key)s, %(by)s, %(now)s) ON CONFLICT (shop_id, key) WHERE key <> '' DO NOTHING RETURNING id",
        values,
    ).scalar_one_or_none()
    if made is not None:
        return int(made), True
    found = conn.exec_driver_sql("SELECT id FROM mailings WHERE shop_id = %(shop)s AND key = %(key)s", values)
    return int(found.scalar_one()), False


def change(conn: Connection, shop_id: int, mailing_id: int, letter: Letter) -> bool:
    """Keep another draft in its place; says whether it still was one."""
    done = conn.exec_driver_sql(
        "UPDATE mailings SET name = %(name)s, language = %(language)s, texts = %(texts)s::jsonb, code = %(code)s,"
        " bought = %(bought)s, tier = %(tier)s, most = %(most)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'draft'",
        {**_values(shop_id, letter), "id": mailing_id},
    )
    return done.rowcount == 1


def plan(conn: Connection, shop_id: int, mailing_id: int, send_at: datetime) -> bool:
    """A draft is to be sent at a time; says whether it still was one."""
    done = conn.exec_driver_sql(
        "UPDATE mailings SET state = 'planned', send_at = %(at)s WHERE shop_id = %(shop)s AND id = %(id)s"
        " AND state = 'draft'",
        {"shop": shop_id, "id": mailing_id, "at": send_at},
    )
    return done.rowcount == 1


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Mailing]:
    """Mailings by their numbers."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM mailings WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(ids))},
    )
    return {row[0]: _mailing(tuple(row)) for row in rows}


def newest(conn: Connection, shop_id: int, before: int | None = None, limit: int = 50) -> list[Mailing]:
    """The shop's mailings, newest first, those before one where that is said."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM mailings WHERE shop_id = %(shop)s AND (%(before)s::bigint IS NULL OR id < %(before)s)"
        " ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit, "before": before},
    )
    return [_mailing(tuple(row)) for row in rows]


def wrote(conn: Connection, shop_id: int, mailing_id: int, more: int) -> None:
    """So many more of its emails are written down."""
    conn.exec_driver_sql(
        "UPDATE mailings SET written = written + %(more)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": mailing_id, "more": more},
    )


def end(conn: Connection, shop_id: int, mailing_id: int, state: str, now: datetime) -> bool:
    """All of it is written down, or it is canceled; says whether it was still planned, or is canceled in time."""
    result = conn.exec_driver_sql(
        "UPDATE mailings SET state = %(state)s, ended_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s"
        " AND (state = 'planned' OR (state IN ('draft', 'written') AND %(state)s = 'canceled'))",
        {"shop": shop_id, "id": mailing_id, "state": state, "now": now},
    )
    return result.rowcount == 1


def _whom(letter: Letter) -> tuple[str, str]:
    """What is joined, and the condition: as the list of members filters them."""
    where, joined = ["m.state = 'member'"], ""
    if letter.bought:
        where.append(BOUGHT[letter.bought])
        joined += " JOIN member_stats s ON s.shop_id = m.shop_id AND s.member_id = m.id"
    if letter.tier:
        where.append("t.tier = %(tier)s")
        joined += " JOIN member_tiers t ON t.shop_id = m.shop_id AND t.member_id = m.id"
    return joined, " AND ".join(where)


def audience(conn: Connection, shop_id: int, letter: Letter, after: int, limit: int = PAGE) -> list[int]:
    """The members whom it is for, by their numbers from one on."""
    joined, where = _whom(letter)
    rows = conn.exec_driver_sql(
        f"SELECT m.id FROM members m{joined} WHERE m.shop_id = %(shop)s AND m.id > %(after)s AND {where}"
        " ORDER BY m.id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit, "tier": letter.tier},
    )
    return [row[0] for row in rows]


def audience_size(conn: Connection, shop_id: int, letter: Letter) -> Size:
    """How many members it is for."""
    joined, where = _whom(letter)
    row = conn.exec_driver_sql(
        "SELECT count(*), count(*) FILTER (WHERE f.email_consent = 'subscribed'),"
        f" count(*) FILTER (WHERE f.customer_id IS NULL AND m.customer_id IS NOT NULL) FROM members m{joined}"
        " LEFT JOIN customer_facts f ON f.shop_id = m.shop_id AND f.customer_id = m.customer_id"
        f" WHERE m.shop_id = %(shop)s AND {where}",
        {"shop": shop_id, "tier": letter.tier},
    ).one()
    return Size(*row)


def outcomes(conn: Connection, shop_id: int, mailing_ids: Iterable[int]) -> list[Outcome]:
    """What became of the emails of these mailings, the most frequent first."""
    rows = conn.exec_driver_sql(
        "SELECT one.id, m.state, CASE WHEN m.state IN ('skipped', 'failed', 'queued') THEN m.last_error ELSE '' END,"
        " count(*) FROM unnest(%(ids)s::bigint[], %(names)s::text[]) AS one(id, name) CROSS JOIN LATERAL ("
        "SELECT state, last_error FROM messages WHERE shop_id = %(shop)s AND kind = 'mailing'"
        " AND subject LIKE one.name) m GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2, 3",
        {
            "shop": shop_id,
            "ids": (known := sorted(set(mailing_ids))),
            "names": [Mailed.of_mailing(one) for one in known],
        },
    )
    return [Outcome(*row) for row in rows]


def used(conn: Connection, shop_id: int, code: str, since: datetime) -> int:
    """How many orders were placed with a code since a moment."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM order_views WHERE shop_id = %(shop)s AND placed_at >= %(since)s AND NOT deleted"
        " AND EXISTS (SELECT FROM jsonb_array_elements_text(coalesce(view->'discount_codes', '[]')) c"
        " WHERE lower(c) = lower(%(code)s))",
        {"shop": shop_id, "since": since, "code": code},
    )
    return int(row.scalar_one())
