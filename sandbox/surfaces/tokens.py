"""The tokens that surfaces give to extensions, signed as Shopify signs them: of a shopper, and of staff."""

from __future__ import annotations

import time
import uuid

import jwt

from sandbox.options import Options
from sandbox.signing import id_token
from sandbox.state import Shop

SHOPPER_SECONDS = 300
STAFF_SECONDS = 60
LONG_AGO_SECONDS = 3600


def shopper_token(options: Options, domain: str, customer_id: int | None, *, expired: bool = False) -> str:
    """Of checkout, thank-you, order status and account: five minutes, `dest` without a scheme, nobody named who is
    not signed in."""
    moment = int(time.time()) - (LONG_AGO_SECONDS if expired else 0)
    claims = {
        "dest": domain, "aud": options.api_key, "exp": moment + SHOPPER_SECONDS, "nbf": moment, "iat": moment,
        "jti": str(uuid.uuid4()),
    }  # fmt: skip
    if customer_id is not None:
        claims["sub"] = f"gid://shopify/Customer/{customer_id}"
    return jwt.encode(claims, options.api_secret, algorithm="HS256")


def staff_token(options: Options, shop: Shop, account: int, *, expired: bool = False) -> str:
    """Of the admin and the till: one minute, issued by the shop's admin, naming the member of staff."""
    seconds = -LONG_AGO_SECONDS if expired else STAFF_SECONDS
    return id_token(options.api_key, options.api_secret, shop.domain, seconds, account)
