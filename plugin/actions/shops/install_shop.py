"""Opening the app installs the shop: tokens, what Shopify says of the shop, and its first programme."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from plugin.actions.emails import watch_checkouts
from plugin.actions.shops import show_programme
from plugin.actions.shops.tokens import AdminClients, encrypted
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import missing_scopes
from plugin.clients.shopify.tokens import TokenPair
from plugin.rules.payloads.payload_values import moment, optional
from plugin.rules.programme import Programme
from plugin.store.database.db import enter_shop, system_transaction
from plugin.store.shops import api_keys, shops, staff
from plugin.store.shops.shops import Shop, StoredTokens
from plugin.store.versions import programmes

WANTED_SCOPES = ("read_orders", "write_customers", "write_discounts", "read_products")
"""Without these the app cannot do its main job; as in shopify.app.toml."""
LOOK_AGAIN_AFTER = timedelta(days=1)
FIRST_AUTHOR = "Suki"
CLOCKS_DIFFER_BY = timedelta(minutes=1)
SCOPES_AT = "scopes_at"
"""In a shop's settings: since when its scopes are as we hold them."""


@dataclass(frozen=True)
class Opening:
    """What Shopify gave for one ID token: the pair, and the facts of the shop."""

    domain: str
    pair: TokenPair
    facts: Mapping[str, Any]
    settings: Mapping[str, Any]
    told_at: datetime | None = None


def due(shop: Shop | None, has_tokens: bool, now: datetime) -> bool:
    """Whether opening the app must ask Shopify: new, returned, without a usable token, or a day since."""
    if shop is None or shop.state != "installed" or shop.needs_reopen or not has_tokens:
        return True
    looked_at = shop.settings.get("facts_at")
    return looked_at is None or now - datetime.fromisoformat(str(looked_at)) >= LOOK_AGAIN_AFTER


def ask_shopify(clients: AdminClients, domain: str, id_token: str) -> Opening:
    """Exchange the verified ID token and read what Shopify says of the shop.

    Unauthorized: a fresh ID token is needed. Unavailable: later.
    """
    pair = clients.exchange(domain, id_token)
    data = clients.admin.execute(domain, pair.access_token, queries.INSTALL)
    told_at = optional(moment, data["shop"].get("updatedAt"))
    return Opening(domain, pair, facts_of(data, pair), settings_of(data), told_at)


def facts_of(data: Mapping[str, Any], pair: TokenPair) -> dict[str, Any]:
    """The columns of `shops` that Shopify decides, from the Install query."""
    said = data["shop"]
    granted = data.get("currentAppInstallation") or {}
    scopes = [str(scope["handle"]) for scope in granted.get("accessScopes") or ()] or list(pair.scopes)
    return {
        "name": said.get("name") or "",
        "email": said.get("contactEmail") or said.get("email") or "",
        "currency": said["currencyCode"],
        "timezone": said.get("ianaTimezone") or "UTC",
        "scopes": sorted(scopes),
        "shopify_id": number_of(said),
    }


def number_of(said: Mapping[str, Any]) -> int:
    """Shopify's own number of the shop, from `gid://shopify/Shop/1`."""
    return int(str(said["id"]).rpartition("/")[2])


def settings_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What else Shopify decides: whether prices include tax, where shoppers find the shop, and what its plan has.

    A development store has what Plus has. Source: shopify.dev, ShopPlan.
    """
    said = data["shop"]
    plan = said.get("plan") or {}
    return {
        "taxes_included": bool(said.get("taxesIncluded")),
        "storefront_url": (said.get("primaryDomain") or {}).get("url") or "",
        "plus": bool(plan.get("shopifyPlus") or plan.get("partnerDevelopment")),
    }


def learn_number(work: Work, shop: Shop) -> None:
    """Ask for the number of a shop that was installed before it was kept; webhooks are compared with it."""
    if shop.shopify_id is None:
        number = number_of(work.execute(shop, queries.SHOP_NUMBER, {})["shop"])
        with system_transaction(work.engine) as conn:
            shops.describe(conn, shop.id, {"shopify_id": number})


def install(conn: Connection, clients: AdminClients, opening: Opening, locale: str, now: datetime) -> int:
    """Store everything of one opening; answers the shop's id. New, reopened and reinstalled shops alike."""
    salt = {"code_salt": secrets.token_hex(32)}
    known = shops.by_domain(conn, opening.domain)
    # Shopify's times have no fractions: an order of this very second counts.
    shop_id = shops.add(conn, opening.domain, {**salt, "counts_from": now.replace(microsecond=0)}, now)
    enter_shop(conn, shop_id)
    shops.save_tokens(conn, shop_id, encrypted(clients.settings, shop_id, opening.pair))
    shops.set_needs_reopen(conn, shop_id, False)
    if known is not None and known.state != "installed":
        staff.ask_again(conn, shop_id, now)
    granted = {name: opening.facts[name] for name in ("scopes", "shopify_id")}
    shops.describe(conn, shop_id, granted | _locale(known, locale))
    described = {name: value for name, value in opening.facts.items() if name not in granted}
    shops.describe(conn, shop_id, described, opening.told_at)
    looked_at = {"facts_at": now.isoformat(), SCOPES_AT: (now - CLOCKS_DIFFER_BY).isoformat()}
    shops.merge_settings(conn, shop_id, looked_at | dict(opening.settings) | _fresh_salt(known, salt))
    if not programmes.versions(conn, shop_id):
        programmes.add(conn, shop_id, Programme(), FIRST_AUTHOR, "The programme every shop begins with", now)
    show_programme.want(conn, shop_id, now)
    if known is not None and known.state != "installed":
        watch_checkouts.want(conn, shop_id, now)
    return shop_id


def _locale(known: Shop | None, locale: str) -> dict[str, str]:
    """A new shop speaks the language of the admin that opened it first."""
    if known is not None or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", locale):
        return {}
    return {"locale": locale}


def _fresh_salt(known: Shop | None, salt: dict[str, str]) -> dict[str, str]:
    """A shop whose data was erased begins again, with a salt of its own."""
    return salt if known is not None and not known.code_salt else {}


def uninstall(conn: Connection, shop_id: int, at: datetime, refused: StoredTokens | None = None) -> bool:
    """The merchant removed the app at this moment; says False when they have opened it again since.

    Where Shopify `refused` a pair, they have if there is another one by now. The tokens are dead, and so are the keys
    of the API. Everything else is kept until the shop is erased.
    """
    shops.get(conn, shop_id, lock=True)
    stored = shops.tokens(conn, shop_id, lock=True)
    again = stored != refused if refused else stored is not None and not shops.idle_since(conn, [shop_id], at)
    if again:
        return False
    shops.drop_tokens(conn, shop_id)
    api_keys.revoke_all(conn, shop_id, at)
    shops.set_state(conn, shop_id, "uninstalled", at)
    return True


def scopes_changed(conn: Connection, shop_id: int, scopes: Iterable[str], at: datetime) -> frozenset[str]:
    """Take over what the merchant grants since then; answers what is missing of what the app needs.

    What is older than what we hold changes nothing.
    """
    shop = shops.get(conn, shop_id, lock=True)
    held = shop.settings.get(SCOPES_AT)
    if held is not None and at < datetime.fromisoformat(str(held)):
        return missing_scopes(shop.scopes, WANTED_SCOPES)
    granted = sorted(set(scopes))
    shops.describe(conn, shop_id, {"scopes": granted})
    shops.merge_settings(conn, shop_id, {SCOPES_AT: at.isoformat()})
    return missing_scopes(granted, WANTED_SCOPES)
