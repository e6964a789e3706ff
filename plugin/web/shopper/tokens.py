"""Requests of extensions in checkout, on the thank-you and order status pages, and in accounts: who is behind them.

Shopify signs a token for five minutes; the shopper is its `sub` and nobody else, and without one they are a guest.
Nothing else that such a request says of a person is believed. Source: shopify.dev, "Session tokens".
"""

from __future__ import annotations

import re
from typing import Any, Final

from shopify_app import ShopifyApp
from werkzeug.wrappers import Request

from plugin.errors import Unauthorized
from plugin.settings import Settings
from plugin.web.auth import shop_of, shopify_app
from plugin.web.shopper.proxy import Visit

LONGEST_LIFE_SECONDS: Final = 300
LEEWAY_SECONDS: Final = 10
"""What clocks may differ by, as Shopify's package has it."""
PATH_PREFIX: Final = "/apps/suki"
"""Where the app stands in a storefront unless the shop moved it: a token does not say."""
_CUSTOMER = re.compile(r"gid://shopify/Customer/([1-9][0-9]{0,18})")
_STAFFS = re.compile(r"/admin/*$|myshopify\.com", re.IGNORECASE)
_NOT_OURS = "This token is not signed by Shopify for a shopper, or too old"


def prove(asked: Request, settings: Settings, locale: str) -> Visit:
    """The visit that the token in the header proves; Unauthorized for anything else. `locale` is only what for."""
    claims, token = _signed(shopify_app(settings), asked)
    domain = _shop(claims.get("dest"))
    if not domain or not _short_lived(claims.get("nbf"), claims.get("exp")) or not _a_shoppers(claims.get("iss")):
        raise Unauthorized(_NOT_OURS)
    return Visit(domain, _customer(claims), PATH_PREFIX, locale, token)


def _signed(app: ShopifyApp, asked: Request) -> tuple[dict[str, Any], str]:
    """What Shopify signed: its package checks the signature, the times that are there, and which app it is for."""
    headers = {"Authorization": asked.headers.get("Authorization", "")}
    try:
        result = app.verify_checkout_ui_ext_req({"method": "GET", "headers": headers, "url": "", "body": ""})
    except (AttributeError, OverflowError):  # the package takes for granted that `dest` is a text and times are finite
        raise Unauthorized(_NOT_OURS) from None
    if not result.ok or result.id_token is None:
        raise Unauthorized(_NOT_OURS)
    return result.id_token.claims, result.id_token.token


def _shop(dest: object) -> str:
    """One shop, with or without the scheme, and nothing beside it."""
    return shop_of(dest.removeprefix("https://")) if isinstance(dest, str) else ""


def _short_lived(nbf: object, exp: object) -> bool:
    """Both times must be there, whole numbers, and no further apart than Shopify makes them."""
    if type(nbf) is not int or type(exp) is not int:
        return False
    return nbf <= exp <= nbf + LONGEST_LIFE_SECONDS + LEEWAY_SECONDS


def _a_shoppers(iss: object) -> bool:
    """Tokens of staff name a shop's admin as their issuer; those of shoppers name none, or Shopify's accounts."""
    return iss is None or (isinstance(iss, str) and not _STAFFS.search(iss))


def _customer(claims: dict[str, Any]) -> int | None:
    """The signed-in customer; None where the token names nobody. Unauthorized where it names somebody else."""
    if "sub" not in claims:
        return None
    found = _CUSTOMER.fullmatch(claims["sub"]) if isinstance(claims["sub"], str) else None
    if found is None or int(found[1]) >= 2**63:
        raise Unauthorized(_NOT_OURS)
    return int(found[1])
