"""Where a replay of a shop begins whose oldest webhooks were emptied: at what was written down of its orders then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
from sqlalchemy import Connection, Engine

from plugin.rules.subjects import Order, Welcome
from plugin.store.database.db import shop_transaction
from plugin.store.orders import order_checkpoints
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop

A_STEP = 500
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def emptied_until(shop: Shop) -> datetime | None:
    """The moment up to which the shop's webhooks are gone, if any are."""
    known = shop.settings.get(order_checkpoints.EMPTIED_UNTIL)
    return datetime.fromisoformat(str(known)) if known else None


def begin(engine: Engine, scratch: Engine, shop: Shop) -> None:
    """Put members, their welcome points, and orders with what they had been given into the scratch schema."""
    until = emptied_until(shop)
    if until is None:
        return
    with shop_transaction(scratch, shop.id) as conn:
        order_checkpoints.restore_members(conn, shop.id, until, [])
    after = 0
    while rows := _page(engine, shop.id, after):
        after = rows[-1][0]
        given = [entry for _, row in rows for entry in _given(orjson.loads(row))]
        with shop_transaction(scratch, shop.id) as conn:
            order_checkpoints.restore_members(conn, shop.id, until, [entry.member_id for entry in given])
            order_checkpoints.restore(conn, shop.id, [row for _, row in rows])
            _post(conn, shop.id, given)
    _welcome(engine, scratch, shop)


def _welcome(engine: Engine, scratch: Engine, shop: Shop) -> None:
    with shop_transaction(scratch, shop.id) as conn:
        members = order_checkpoints.restored(conn, shop.id)
    for start in range(0, len(members), A_STEP):
        with shop_transaction(engine, shop.id) as conn:
            found = order_checkpoints.welcomes(conn, shop.id, members[start : start + A_STEP])
        with shop_transaction(scratch, shop.id) as conn:
            _post(conn, shop.id, [_entry(member, points, str(Welcome()), 1) for member, points in found])


def _page(engine: Engine, shop_id: int, after: int) -> list[tuple[int, str]]:
    with shop_transaction(engine, shop_id) as conn:
        return order_checkpoints.page(conn, shop_id, after, A_STEP)


def _given(row: dict[str, object]) -> list[Entry]:
    """What had been posted for an order, as one entry for each member."""
    posted = row.get("posted")
    if not isinstance(posted, dict):
        return []
    return [
        _entry(int(member), points, str(Order(int(str(row["order_id"])))), line)
        for member, (points, line, *_) in posted.items()
        if points
    ]


def _entry(member: int, points: int, subject: str, line: int) -> Entry:
    return Entry(member, "earned" if points > 0 else "taken_back", points, subject, line, LONG_AGO, "suki")


def _post(conn: Connection, shop_id: int, entries: Sequence[Entry]) -> None:
    if entries:
        ledger = Ledger(conn, shop_id, {entry.member_id for entry in entries})
        ledger.post(list(entries), datetime.now(UTC))
        ledger.write()
