"""Somebody's words, looked for in every column of every table: packed and sealed ones, too."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import zstandard

from plugin.errors import Unreadable
from plugin.settings import Settings
from plugin.store.shops.seal import Seal, of_redemption


@dataclass
class Planted:
    """One person's words, each different, and where each was put."""

    seed: str
    words: dict[str, str] = field(default_factory=dict)

    def word(self, where: str) -> str:
        """A word for one place; the same place gives the same word."""
        return self.words.setdefault(where, f"Zq{self.seed}{len(self.words):02}xw")

    def email(self, where: str) -> str:
        """An address that holds such a word."""
        return f"{self.word(where).lower()}@example.com"

    def found_in(self, value: object, lock: Any) -> bool:
        """Whether a cell holds one of the words: read, unpacked or decrypted."""
        said = _read(value, lock).casefold()
        return any(word.casefold() in said for word in self.words.values())


def _read(value: object, lock: Any) -> str:
    if not isinstance(value, bytes | memoryview):
        return str(value)
    raw = bytes(value)
    try:
        return zstandard.ZstdDecompressor().decompress(raw, 2**24).decode(errors="replace")
    except zstandard.ZstdError:
        pass
    try:
        return str(lock.decrypt(raw).decode(errors="replace"))
    except Unreadable:
        return raw.decode(errors="replace")


class Opener:
    """Opens what is sealed for any of the places there are."""

    def __init__(self, settings: Settings, keeper: psycopg.Connection) -> None:
        self.seal, self.keeper = Seal.of(settings), keeper

    def decrypt(self, raw: bytes) -> bytes:
        """What was sealed, wherever it belongs; Unreadable for anything else."""
        for shop_id, number in self.keeper.execute("SELECT shop_id, id FROM redemptions").fetchall():
            with suppress(Unreadable):
                return self.seal.open(raw, of_redemption(shop_id, number))
        raise Unreadable("sealed for no redemption")


def columns(keeper: psycopg.Connection) -> list[tuple[str, str, bool]]:
    """(table, column, whether rows name their shop) of every column that can hold words, as the catalogue says."""
    rows = keeper.execute(
        "SELECT c.relname, a.attname, EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = c.oid"
        " AND s.attname = 'shop_id') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " JOIN pg_type t ON t.oid = a.atttypid WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped"
        " AND c.relname !~ '^(alembic|procrastinate)_'"
        " AND (t.typcategory IN ('S', 'A', 'U') OR t.typname IN ('bytea', 'json', 'jsonb')) ORDER BY 1, 2"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def where(keeper: psycopg.Connection, planted: Planted, shop_id: int, lock: Any) -> set[str]:
    """The columns of one shop's rows (and of rows of no shop) in which one of the words stands."""
    found = set()
    for table, column, of_shop in columns(keeper):
        own = "WHERE shop_id = %s" if of_shop else "WHERE id = %s" if table == "shops" else "WHERE %s > 0"
        cells = keeper.execute(f'SELECT "{column}" FROM "{table}" {own}', [shop_id])  # type: ignore[arg-type]
        if any(planted.found_in(cell, lock) for (cell,) in cells):
            found.add(f"{table}.{column}")
    return found
