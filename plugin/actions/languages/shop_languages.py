"""The languages that Shopify has of a shop, asked for when staff say so, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries_languages
from plugin.clients.shopify.admin import missing_scopes
from plugin.errors import BadInput
from plugin.rules.words.shop_languages import from_shopify
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop

READ_LOCALES: Final = "read_locales"
_KEPT: Final = "languages"


def known(shop: Shop) -> Sequence[Mapping[str, Any]]:
    """What Shopify said last; nothing where it was never asked."""
    stored = shop.settings.get(_KEPT)
    return [one for one in stored if isinstance(one, Mapping)] if isinstance(stored, list) else []


def asked(shop: Shop) -> bool:
    """Whether Shopify has been asked."""
    return bool(known(shop))


def missing(shop: Shop) -> list[str]:
    """The permission that it takes, where the shop has not given it."""
    return sorted(missing_scopes(shop.scopes, (READ_LOCALES,))) if shop.scopes else []


def ask(work: Work, shop: Shop) -> None:
    """Ask Shopify, and keep what it says. BadInput: the shop has not allowed it."""
    if missing(shop):
        raise BadInput(Said("settings.languages.allow_first"))
    found = from_shopify(work.execute(shop, queries_languages.SHOP_LOCALES, {})["shopLocales"])
    with shop_transaction(work.engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {_KEPT: found})
