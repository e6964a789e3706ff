"""Erasures after a restored backup: a list of what was forgotten, without anybody's name, and doing it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from plugin.rules.leaving import ERASED_AFTER
from plugin.rules.subjects import ReplayedErasure
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.privacy import forgotten, privacy
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

PERSON, SHOP = "forgotten", "shop_forgotten"
ERASE, ERASE_SHOP = "customers/redact", "shop/redact"
LIST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One line of the list: marks of people and numbers of orders, or, without any, a whole shop."""

    shop: str
    at: datetime
    subjects: tuple[int, ...] = ()


def listed(engine: Engine, since: datetime) -> Iterator[str]:
    """The list of what was forgotten since then, as lines of JSON. They name nobody."""
    with system_transaction(engine) as conn:
        everyone = shops.ever(conn)
    for shop in everyone:
        yield from _people(engine, shop, since)
        if shop.state == "redacted":
            with shop_transaction(engine, shop.id) as conn:
                for at in privacy.done_since(conn, shop.id, ERASE_SHOP, since):
                    yield _line(SHOP, shop.domain, at)


def _people(engine: Engine, shop: Shop, since: datetime) -> Iterator[str]:
    after = -(2**63)
    while True:
        with shop_transaction(engine, shop.id) as conn:
            found = forgotten.since(conn, shop.id, since, after, LIST_AT_ONCE)
        if not found:
            return
        after = found[-1][0]
        for at in sorted({moment for _, moment in found}):
            yield _line(PERSON, shop.domain, at, subjects=[number for number, moment in found if moment == at])


def _line(event: str, shop: str, at: datetime, **more: object) -> str:
    return orjson.dumps({"event": event, "shop": shop, "at": at.isoformat(), **more}).decode()


def read(lines: Iterable[str], since: datetime) -> list[Forgotten]:
    """What the lines of such a list, or of the log, say was forgotten since then; other lines are passed over."""
    found = []
    for line in lines:
        try:
            said: Any = orjson.loads(line[line.index("{") :])
            one = _one(said) if said.get("event") in (PERSON, SHOP) else None
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
        if one is not None and one.at >= since:
            found.append(one)
    return found


def _one(said: dict[str, Any]) -> Forgotten:
    at = datetime.fromisoformat(str(said["at"]))
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    subjects = tuple(int(number) for number in said["subjects"]) if said["event"] == PERSON else ()
    return Forgotten(str(said["shop"]), at, subjects)


@dataclass(frozen=True, slots=True)
class Repeated:
    """What there was to do in one shop: `people` are marks and orders that were not remembered any more."""

    shop: str
    people: int = 0
    whole: bool = False
    unknown: bool = False


def repeat(engine: Engine, said: Iterable[Forgotten], now: datetime) -> list[Repeated]:
    """Remember and ask for everything that is not remembered any more; the worker carries it out.

    What is remembered was not lost: a second time, or on a database that was never restored, nothing happens.
    """
    by_shop: dict[str, list[Forgotten]] = {}
    for one in said:
        by_shop.setdefault(one.shop, []).append(one)
    return [_repeat(engine, domain, lines, now) for domain, lines in sorted(by_shop.items())]


def _repeat(engine: Engine, domain: str, lines: list[Forgotten], now: datetime) -> Repeated:
    with system_transaction(engine) as conn:
        shop = shops.by_domain(conn, domain)
        if shop is None:
            return Repeated(domain, unknown=True)
        whole = max((one.at for one in lines if not one.subjects), default=None)
        gone = whole is not None and shop.state != "redacted" and shop.installed_at <= whole
        if gone and whole is not None:
            shops.set_state(conn, shop.id, "uninstalled", whole - ERASED_AFTER)
    with shop_transaction(engine, shop.id) as conn:
        people = _people_again(conn, shop.id, [one for one in lines if one.subjects], now)
        if gone:
            _ask(conn, shop.id, ERASE_SHOP, str(ReplayedErasure(str(whole))), {}, JobKind.ERASE_SHOP, now)
    return Repeated(domain, people, gone)


def _people_again(conn: Connection, shop_id: int, lines: list[Forgotten], now: datetime) -> int:
    at: dict[int, datetime] = {}
    for one in lines:
        at |= {number: max(one.at, at.get(number, one.at)) for number in one.subjects}
    known = forgotten.moments(conn, shop_id, at)
    lost = {number: moment for number, moment in at.items() if number not in known}
    if not lost:
        return 0
    for moment in sorted(set(lost.values())):
        forgotten.remember(conn, shop_id, [number for number in lost if lost[number] == moment], moment)
    who: dict[str, object] = {
        "marks": sorted(number for number in lost if number < 0),
        "orders": sorted(number for number in lost if number > 0),
        "placed_until": min(lost.values()).isoformat(),
    }
    digest = hashlib.sha256(repr(sorted(lost)).encode()).hexdigest()[:16]
    _ask(conn, shop_id, ERASE, str(ReplayedErasure(digest)), who, JobKind.ERASE_CUSTOMER, now)
    return len(lost)


def _ask(
    conn: Connection, shop_id: int, kind: str, subject: str, who: dict[str, object], job: JobKind, now: datetime
) -> None:
    number = privacy.add(conn, shop_id, kind, subject, who, now)
    if number is not None:
        jobs.queue(conn, shop_id, job, [number], now)
