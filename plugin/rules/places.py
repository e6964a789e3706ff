"""Every place in a shop where an extension of ours can stand, and how a merchant adds it: one list for the panel.

What Shopify says of them comes from App Bridge's `shopify.app.extensions()`: blocks of themes by their file, everything
else by its target. Sources: shopify.dev, "App API" and "Theme app extensions, configuration: deep linking".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode


class Where(StrEnum):
    """The part of the shop; the panel groups places by it."""

    STOREFRONT = "storefront"
    CHECKOUT = "checkout"
    ACCOUNT = "account"
    TILL = "till"
    ADMIN = "admin"


class State(StrEnum):
    """Whether shoppers or staff see it. UNKNOWN: Shopify has not told yet."""

    ACTIVE = "active"
    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `extension` and `target` name it as Shopify does; `page` is the page of the editor that shows it.

    `embed`: an app embed, which is switched on and stands nowhere. `plus`: on Shopify Plus only.
    """

    key: str
    where: Where
    extension: str
    target: str
    page: str = ""
    embed: bool = False
    plus: bool = False


_THEME, _CHECKOUT, _ACCOUNT = "theme-loyalty", "checkout-loyalty", "account-blocks"
PLACES: Final = (
    Place("launcher", Where.STOREFRONT, _THEME, "launcher", "index", embed=True),
    Place("rewards_page", Where.STOREFRONT, _THEME, "rewards_page", "page"),
    Place("product_points", Where.STOREFRONT, _THEME, "product_points", "product"),
    Place("cart_points", Where.STOREFRONT, _THEME, "cart_points", "cart"),
    Place("account_teaser", Where.STOREFRONT, _THEME, "account_teaser", "index"),
    Place("referral_banner", Where.STOREFRONT, _THEME, "referral_banner", "index"),
    Place("checkout", Where.CHECKOUT, _CHECKOUT, "purchase.checkout.block.render", "checkout", plus=True),
    Place("thank_you", Where.CHECKOUT, _CHECKOUT, "purchase.thank-you.block.render", "thank-you"),
    Place("account_page", Where.ACCOUNT, "account-rewards", "customer-account.page.render", "orders"),
    Place("profile", Where.ACCOUNT, _ACCOUNT, "customer-account.profile.block.render", "profile"),
    Place("order_status", Where.ACCOUNT, _ACCOUNT, "customer-account.order-status.block.render", "order-status"),
    Place("order_list", Where.ACCOUNT, _ACCOUNT, "customer-account.order-index.block.render", "orders"),
    Place("till_tile", Where.TILL, "pos-loyalty", "pos.home.tile.render"),
    Place("till_customer", Where.TILL, "pos-loyalty", "pos.customer-details.block.render"),
    Place("till_after_sale", Where.TILL, "pos-loyalty", "pos.purchase.post.block.render"),
    Place("admin_customer", Where.ADMIN, "admin-loyalty", "admin.customer-details.block.render"),
    Place("admin_order", Where.ADMIN, "admin-loyalty", "admin.order-details.block.render"),
)
BY_KEY: Final[Mapping[str, Place]] = {place.key: place for place in PLACES}
_EDITORS: Final = {Where.CHECKOUT, Where.ACCOUNT}
_ADMIN_PAGES: Final = {"admin_customer": "customers", "admin_order": "orders"}


def add_link(place: Place, domain: str, client_id: str) -> str:
    """Where a merchant adds it; empty at the till, which is arranged on the device itself."""
    admin = f"https://{domain}/admin"
    if place.where is Where.STOREFRONT:
        named = f"{client_id}/{place.target}"
        how = {"activateAppId": named} if place.embed else {"addAppBlockId": named, "target": "newAppsSection"}
        context = {"context": "apps"} if place.embed else {}
        return f"{admin}/themes/current/editor?{urlencode({**context, 'template': place.page, **how})}"
    if place.where in _EDITORS:
        said = {"page": place.page, "context": "apps", "app": client_id}
        return f"{admin}/settings/checkout/editor?{urlencode(said)}"
    return f"{admin}/{_ADMIN_PAGES[place.key]}" if place.where is Where.ADMIN else ""


def read_states(told: object) -> dict[str, State]:
    """The state of each place by what App Bridge told: a list of extensions with their activations.

    It comes from a browser, so whatever is not of that shape says nothing. A place that Shopify knows and that stands
    nowhere is available.
    """
    known = {(extension, target): state for extension, target, state in _activations(told)}
    extensions = {extension for extension, _ in known} | _named(told)
    return {
        place.key: known.get((place.extension, place.target), State.AVAILABLE)
        for place in PLACES
        if place.extension in extensions
    }


def _listed(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _named(told: object) -> set[str]:
    return {str(each.get("handle")) for each in _listed(told)}


def _activations(told: object) -> Iterable[tuple[str, str, State]]:
    for extension in _listed(told):
        handle, of_theme = str(extension.get("handle")), extension.get("type") == "theme_app_extension"
        for one in _listed(extension.get("activations")):
            if not of_theme:
                yield handle, str(one.get("target")), State.ACTIVE
            elif one.get("status") in (State.ACTIVE, State.AVAILABLE, State.UNAVAILABLE):
                yield handle, str(one.get("handle")), State(str(one["status"]))
