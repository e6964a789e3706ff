"""The shop's products and collections by name and picture: those that forms name, and those that words find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import execute
from plugin.clients.shopify import queries_goods
from plugin.errors import SukiError
from plugin.observe import get_logger
from plugin.rules.formats import one_line
from plugin.store.database.db import shop_transaction
from plugin.store.orders import known_goods as store
from plugin.store.orders.known_goods import Good, Named
from plugin.store.shops.shops import Shop

FRESH_FOR: Final = timedelta(hours=24)
AT_ONCE: Final = 100
"""So many ids a call: a product with its picture costs four points of the thousand."""
MOST_ASKED: Final = 300
"""So many of a form are asked for; what it names beyond them is shown as it was said last."""
LONGEST_SEARCH: Final = 100
SEARCHES: Final[Mapping[str, tuple[str, str]]] = {
    "Product": (queries_goods.FIND_PRODUCTS, "products"),
    "Collection": (queries_goods.FIND_COLLECTIONS, "collections"),
}
LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "tag": (queries_goods.PRODUCT_TAGS, "productTags"),
    "vendor": (queries_goods.PRODUCT_VENDORS, "productVendors"),
}
"""What is asked, and the field of the answer."""
_TERMS = re.compile(r"[^\w\s]+|\b(?:AND|OR|NOT)\b")
log = get_logger()


def ask(engine: Engine, clients: AdminClients, shop: Shop, wanted: Sequence[Named], now: datetime) -> dict[Named, Good]:
    """What Shopify says of them now, kept as well: what is gone keeps its name. Opens its own transactions. Errors of
    `execute`."""
    found: dict[Named, Good] = {}
    for begin in range(0, len(wanted), AT_ONCE):
        part = wanted[begin : begin + AT_ONCE]
        ids = [f"gid://shopify/{kind}/{number}" for kind, number in part]
        nodes = execute(engine, clients, shop, queries_goods.GOODS_NAMED, {"ids": ids})["nodes"]
        there = {node["id"]: node for node in nodes if node}
        found |= {each: _good(each, there.get(gid), now) for each, gid in zip(part, ids, strict=True)}
    with shop_transaction(engine, shop.id) as conn:
        store.save(conn, shop.id, found.values(), now)
        return store.known(conn, shop.id, wanted)


def named(
    engine: Engine, clients: AdminClients, shop: Shop, wanted: Iterable[Named], now: datetime
) -> dict[Named, Good]:
    """What is known of them; what is unknown, or was said long ago, is asked for: without an answer of Shopify's, what
    is known has to do."""
    every = list(dict.fromkeys(wanted))
    if not every:
        return {}
    with shop_transaction(engine, shop.id) as conn:
        known = store.known(conn, shop.id, every)
    stale = [each for each in every if _stale(known.get(each), now)][:MOST_ASKED]
    if stale:
        try:
            known |= ask(engine, clients, shop, stale, now)
        except SukiError as error:
            log.warning("goods_unnamed", shop=shop.domain, error=type(error).__name__, why=error.message)
    return known


def _stale(one: Good | None, now: datetime) -> bool:
    return one is None or one.fetched_at is None or one.fetched_at < now - FRESH_FOR


def search(engine: Engine, clients: AdminClients, shop: Shop, kind: str, words: str, now: datetime) -> list[Good]:
    """Up to twenty whose name has words that begin so; without words the newest. Errors of `execute`."""
    terms = _TERMS.sub(" ", one_line(words, LONGEST_SEARCH)).split()
    query = " ".join([*terms[:-1], *(f"{term}*" for term in terms[-1:])])
    document, field = SEARCHES[kind]
    nodes = execute(engine, clients, shop, document, {"query": query})[field]["nodes"]
    return [_good(_named(node["id"]), node, now) for node in nodes]


def words(engine: Engine, clients: AdminClients, shop: Shop, what: str) -> list[str]:
    """The tags, or the vendors, of the shop's products: the first few hundred by name. Errors of `execute`."""
    document, field = LISTS[what]
    found = execute(engine, clients, shop, document, {})[field]
    return sorted(filter(None, (found or {}).get("nodes") or ()), key=str.casefold)


def _good(named: Named, node: Mapping[str, Any] | None, now: datetime) -> Good:
    kind, number = named
    if node is None:
        return Good(kind, number, gone=True, fetched_at=now)
    return Good(kind, number, one_line(str(node.get("title") or ""), 255), next(_pictures(node), ""), fetched_at=now)


def _pictures(node: Mapping[str, Any]) -> Iterator[str]:
    media = ((node.get("featuredMedia") or {}).get("preview") or {}).get("image") or {}
    for image in (media, node.get("image") or {}):
        if str(image.get("url") or "").startswith(("https://", "http://")):
            yield str(image["url"])


def _named(gid: str) -> Named:
    kind, number = gid.split("/")[-2:]
    return kind, int(number)
