"""Everything the sandbox knows: records in memory, each also a row in SQLite, so that a restart keeps them."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from sandbox import clock

Record = dict[str, Any]
Value = TypeVar("Value")
KINDS = (
    "customer order product collection discount gift_card credit_account credit metafield "
    "token subscription flow_trigger definition bulk checkout till file"
).split()
FIRST_ID = 5_000_000_000_001


def now() -> datetime:
    """The present moment in UTC, wherever the sandbox's clock was moved to."""
    return clock.now()


def iso(moment: datetime) -> str:
    """A moment as GraphQL writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """A moment from an ISO text."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Kept(Generic[Value]):
    """Things by their key. Going through them goes through what there was then, whatever other threads add."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_key: dict[Any, Value] = {}

    def __getitem__(self, key: Any) -> Value:
        return self.by_key[key]

    def __setitem__(self, key: Any, value: Value) -> None:
        with self.lock:
            self.by_key[key] = value

    def __contains__(self, key: Any) -> bool:
        return key in self.by_key

    def __len__(self) -> int:
        return len(self.by_key)

    def __iter__(self) -> Iterator[Any]:
        with self.lock:
            return iter(tuple(self.by_key))

    def get(self, key: Any) -> Value | None:
        """The one with this key, if there is one."""
        return self.by_key.get(key)

    def pop(self, key: Any) -> Value | None:
        """Forget the one with this key; answers it, if there was one."""
        with self.lock:
            return self.by_key.pop(key, None)

    def values(self) -> tuple[Value, ...]:
        """All there are now, oldest first."""
        with self.lock:
            return tuple(self.by_key.values())

    def items(self) -> tuple[tuple[Any, Value], ...]:
        """All there are now, each with its key."""
        with self.lock:
            return tuple(self.by_key.items())


class Rows:
    """The SQLite file. Writes are collected and committed by a thread, a few times a second."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, check_same_thread=False)
        self.db.executescript(
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
            CREATE TABLE IF NOT EXISTS records (
              shop TEXT, kind TEXT, id TEXT, body TEXT, PRIMARY KEY (shop, kind, id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS deliveries (
              webhook_id TEXT PRIMARY KEY, shop TEXT, topic TEXT, state TEXT, attempts INT, answer TEXT,
              triggered_at TEXT, updated_at TEXT, body BLOB);
            CREATE TABLE IF NOT EXISTS mails (
              id INTEGER PRIMARY KEY, received_at TEXT, sender TEXT, recipients TEXT, subject TEXT, raw BLOB);
            CREATE TABLE IF NOT EXISTS mail_sorts (id INTEGER PRIMARY KEY, sort TEXT, language TEXT);
            """
        )
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._commit_often, name="sandbox-rows", daemon=True)
        self.thread.start()

    def write(self, sql: str, values: tuple[Any, ...]) -> int:
        """Run one statement; the last row id."""
        with self.lock:
            return self.db.execute(sql, values).lastrowid or 0

    def read(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, what is not committed yet included."""
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def _commit_often(self) -> None:
        while not self.stopped.wait(0.2):
            with self.lock:
                self.db.commit()

    def close(self) -> None:
        """Commit and close."""
        self.stopped.set()
        self.thread.join()
        with self.lock:
            self.db.commit()
            self.db.close()


class Shop:
    """One shop: its settings and its records by kind and id."""

    def __init__(self, rows: Rows, ids: Iterator[int], settings: Record) -> None:
        self.rows, self.ids, self.settings = rows, ids, settings
        self.lock = threading.RLock()
        self.records: dict[str, Kept[Record]] = {kind: Kept() for kind in KINDS}
        self.codes: dict[str, Any] = {}
        self.bulk_waiting: list[Record] = []

    def __getattr__(self, kind: str) -> Kept[Record]:
        try:
            records: dict[str, Kept[Record]] = self.__dict__["records"]
            return records[kind]
        except KeyError:
            raise AttributeError(kind) from None

    @property
    def domain(self) -> str:
        """The x.myshopify.com name."""
        return str(self.settings["domain"])

    @property
    def currency(self) -> str:
        """The shop's currency."""
        return str(self.settings["currency"])

    def next_id(self) -> int:
        """A new id, unique in the sandbox."""
        return next(self.ids)

    def save(self, kind: str, record: Record) -> Record:
        """Keep a record."""
        self.remember(kind, record)
        self._write(kind, record)
        return record

    def remember(self, kind: str, record: Record) -> None:
        """Put a record in memory and in the index of discount codes."""
        self.records[kind][record["id"]] = record
        if kind == "discount":
            for code in record["codes"]:
                self.codes[code["code"].lower()] = record["id"]
        elif kind == "bulk":
            self.bulk_waiting = [one for one in self.bulk_waiting if one["id"] != record["id"]]
            self.bulk_waiting += [] if record.get("done", True) else [record]

    def drop(self, kind: str, key: Any) -> None:
        """Forget a record."""
        record = self.records[kind].pop(key)
        if kind == "discount" and record:
            for code in record["codes"]:
                self.codes.pop(code["code"].lower(), None)
        self.rows.write("DELETE FROM records WHERE shop=? AND kind=? AND id=?", (self.domain, kind, str(key)))

    def save_settings(self) -> None:
        """Keep the shop's own settings."""
        self._write("shop", {"id": self.domain, **self.settings})

    def _write(self, kind: str, record: Record) -> None:
        body = json.dumps(record, ensure_ascii=False)
        self.rows.write("INSERT OR REPLACE INTO records VALUES (?,?,?,?)", (self.domain, kind, str(record["id"]), body))


class World:
    """All shops."""

    def __init__(self, data_dir: Path) -> None:
        self.rows = Rows(data_dir / "sandbox.sqlite3")
        self.shops: Kept[Shop] = Kept()
        self.lock = threading.Lock()
        loaded = self.rows.read("SELECT shop, kind, id, body FROM records ORDER BY kind='shop' DESC")
        numbers = [int(row[2]) for row in loaded if row[2].isdigit()]
        nested = [n for row in loaded if row[1] == "order" for n in _ids_within(json.loads(row[3]))]
        self.ids = itertools.count(max([FIRST_ID, *numbers, *nested]) + 1)
        for domain, kind, _, body in loaded:
            self._load(domain, kind, json.loads(body))

    def _load(self, domain: str, kind: str, record: Record) -> None:
        if kind == "shop":
            self.shops[domain] = Shop(self.rows, self.ids, record)
        elif domain in self.shops:
            self.shops[domain].remember(kind, record)

    def add(self, settings: Record) -> Shop:
        """Open a shop."""
        with self.lock:
            shop = Shop(self.rows, self.ids, settings)
            self.shops[shop.domain] = shop
            shop.save_settings()
            return shop

    def close(self) -> None:
        """Write what is open and close the file."""
        self.rows.close()


def _ids_within(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), int):
            yield value["id"]
        for part in value.values():
            yield from _ids_within(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids_within(part)
