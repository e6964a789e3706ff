"""The small pieces that a GraphQL order and a webhook order write differently: ids, lists, words, money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]


def number_of(gid: str) -> int:
    """The number at the end of a gid such as gid://shopify/Order/450789469."""
    return int(gid.rsplit("/", 1)[-1].partition("?")[0])


def number_or_none(thing: Node | None) -> int | None:
    """The number of the thing, if there is one."""
    return number_of(thing["id"]) if thing else None


def nodes(thing: Node, name: str) -> list[Node]:
    """The nodes of a connection, all pages joined before."""
    return list(thing[name]["nodes"])


def money(name: str, bag: Node | None) -> dict[str, Any]:
    """An amount as a delivery has it: `name` as text in shop money, `name_set` in both currencies."""
    return {name: amount(bag), f"{name}_set": money_set(bag)}


def amount(bag: Node | None) -> str | None:
    """The shop money of a money bag, as text."""
    return bag["shopMoney"]["amount"] if bag else None


def money_set(bag: Node | None) -> dict[str, Any] | None:
    """A money bag with the names that a delivery uses."""
    if bag is None:
        return None
    return {
        "shop_money": _one(bag["shopMoney"]),
        "presentment_money": _one(bag["presentmentMoney"]),
    }


def _one(side: Node) -> dict[str, Any]:
    return {"amount": side["amount"], "currency_code": side["currencyCode"]}


def lower(word: str | None) -> str | None:
    """A GraphQL enum value as a delivery writes it."""
    return word.lower() if word else None
