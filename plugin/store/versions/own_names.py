"""The shop's names in other languages: a row a language, with what the last saving took the place of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson
from sqlalchemy import Connection

from plugin.rules.words.translations import Translation


@dataclass(frozen=True, slots=True)
class Saved:
    """One language's names. `revision` is another one with every saving."""

    language: str
    names: tuple[Translation, ...]
    before: tuple[Translation, ...]
    revision: int
    author: str
    saved_at: datetime


@lru_cache(maxsize=1024)
def _read(stored: str) -> tuple[Translation, ...]:
    return tuple(Translation(*row) for row in orjson.loads(stored))


def all_of(conn: Connection, shop_id: int) -> dict[str, Saved]:
    """Every language that has names, by its tag."""
    rows = conn.exec_driver_sql(
        "SELECT language, names::text, before::text, revision, author, saved_at FROM own_names"
        " WHERE shop_id = %(shop)s ORDER BY language",
        {"shop": shop_id},
    )
    return {row[0]: Saved(row[0], _read(row[1]), _read(row[2]), row[3], row[4], row[5]) for row in rows}


def of_languages(conn: Connection, shop_id: int, languages: Sequence[str]) -> Mapping[str, tuple[Translation, ...]]:
    """The names in these languages, as far as there are any."""
    rows = conn.exec_driver_sql(
        "SELECT language, names::text FROM own_names WHERE shop_id = %(shop)s AND language = ANY(%(languages)s)",
        {"shop": shop_id, "languages": list(languages)},
    )
    return {row[0]: _read(row[1]) for row in rows}


def save(
    conn: Connection,
    shop_id: int,
    language: str,
    names: Iterable[Translation],
    based_on: int,
    author: str,
    now: datetime,
) -> int | None:
    """Keep a language's names in place of those of revision `based_on` (0: of none); None where they have been saved
    since, and nothing is kept."""
    stored = orjson.dumps([(one.kind, one.source, one.text, one.item) for one in names]).decode()
    row = conn.exec_driver_sql(
        "INSERT INTO own_names (shop_id, language, names, revision, author, saved_at)"
        " VALUES (%(shop)s, %(language)s, %(names)s::jsonb, 1, %(author)s, %(now)s)"
        " ON CONFLICT (shop_id, language) DO UPDATE SET before = own_names.names, names = EXCLUDED.names,"
        " revision = own_names.revision + 1, author = EXCLUDED.author, saved_at = EXCLUDED.saved_at"
        " WHERE own_names.revision = %(based_on)s RETURNING revision",
        {
            "shop": shop_id,
            "language": language,
            "names": stored,
            "author": author,
            "now": now,
            "based_on": based_on,
        },
    ).one_or_none()
    return None if row is None else int(row[0])
