"""Whether the shop has the products and collections that a form names: Shopify is asked before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from plugin.actions.goods.known_goods import ask
from plugin.actions.shops.tokens import AdminClients
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop

_NOT_HERE = {"Product": "frame.wrong.no_product", "Collection": "frame.wrong.no_collection"}
MOST_ASKED = 300
"""What a form names beyond them is not asked for."""


def missing(
    engine: Engine,
    clients: AdminClients,
    shop: Shop,
    named: Mapping[str, Sequence[int]],
    fields: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    """What is wrong, by field, with ids that the shop does not have; `fields` say what kind each field names.

    Opens its own transactions. Errors of `execute`: Shopify could not be asked.
    """
    every = [(fields[name], number) for name, numbers in named.items() for number in numbers]
    found = ask(engine, clients, shop, list(dict.fromkeys(every))[:MOST_ASKED], now) if every else {}
    wrong: dict[str, str] = {}
    for name, numbers in named.items():
        gone = (number for number in numbers if (one := found.get((fields[name], number))) and one.gone)
        number = next(gone, None)
        if number is not None:
            wrong[name] = Said(_NOT_HERE[fields[name]], number=str(number))
    return wrong
