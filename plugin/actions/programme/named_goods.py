"""Whether the shop has the products and collections that a form names: Shopify is asked before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine

from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import execute
from plugin.clients.shopify import queries
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop

_NOT_HERE = {"Product": "frame.wrong.no_product", "Collection": "frame.wrong.no_collection"}
MOST_ASKED = 250
"""As many ids as Shopify takes in one call; what a form names beyond them is not asked for."""


def missing(
    engine: Engine, clients: AdminClients, shop: Shop, named: Mapping[str, Sequence[int]], fields: Mapping[str, str]
) -> dict[str, str]:
    """What is wrong, by field, with ids that the shop does not have; `fields` say what kind each field names.

    Opens its own transactions. Errors of `execute`: Shopify could not be asked.
    """
    gids = [f"gid://shopify/{fields[name]}/{number}" for name, numbers in named.items() for number in numbers]
    if not gids:
        return {}
    asked = gids[:MOST_ASKED]
    found = execute(engine, clients, shop, queries.THERE_ARE, {"ids": asked})["nodes"]
    gone = set(asked) - {node["id"] for node in found if node}
    wrong: dict[str, str] = {}
    for name, numbers in named.items():
        here = [number for number in numbers if f"gid://shopify/{fields[name]}/{number}" in gone]
        if here:
            wrong[name] = Said(_NOT_HERE[fields[name]], number=str(here[0]))
    return wrong
