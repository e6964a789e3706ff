"""What the shop's products and collections are called, as Shopify said last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.tables import known_goods

Named = tuple[str, int]
"""The kind, as Shopify's ids name it (Product, Collection), and the number."""


@dataclass(frozen=True, slots=True)
class Good:
    """One product or collection. `gone`: the shop has no such thing; `fetched_at`: when Shopify said so."""

    kind: str
    number: int
    title: str = ""
    picture: str = ""
    gone: bool = False
    fetched_at: datetime | None = None


def known(conn: Connection, shop_id: int, wanted: Iterable[Named]) -> dict[Named, Good]:
    """Those of them that were asked for before."""
    pairs = list(wanted)
    rows = conn.exec_driver_sql(
        "SELECT g.kind, g.number, g.title, g.picture, g.gone, g.fetched_at"
        " FROM unnest(%(kinds)s::text[], %(numbers)s::bigint[]) AS w(kind, number)"
        " JOIN known_goods g ON g.shop_id = %(shop)s AND g.kind = w.kind AND g.number = w.number",
        {"shop": shop_id, "kinds": [kind for kind, _ in pairs], "numbers": [number for _, number in pairs]},
    )
    return {(row[0], row[1]): Good(*row) for row in rows}


def save(conn: Connection, shop_id: int, found: Iterable[Good], now: datetime) -> None:
    """Keep what Shopify said."""
    rows = [
        {"shop_id": shop_id, "kind": one.kind, "number": one.number, "title": one.title, "picture": one.picture,
         "gone": one.gone, "fetched_at": now}
        for _, one in sorted({(one.kind, one.number): one for one in found}.items())
    ]  # fmt: skip
    conflict = (
        "(shop_id, kind, number) DO UPDATE SET title = CASE WHEN excluded.gone THEN known_goods.title"
        " ELSE excluded.title END, picture = excluded.picture, gone = excluded.gone, fetched_at = excluded.fetched_at"
    )
    bulk.insert(conn, known_goods, rows, conflict=conflict)
