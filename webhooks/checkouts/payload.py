"""Checkout payloads, parsed at the door: checkouts/create, update and delete. Only shops that switched the reminder on
are sent them. Source of every field: Shopify's REST checkout resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from plugin.errors import BadPayload
from plugin.rules.mailings.checkout_left import MOST_LINES, CheckoutGone, CheckoutLine, CheckoutSeen
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import currency, identifier, moment, optional, pieces, thing, things
from plugin.rules.payloads.payload_values import short_text as _text
from webhooks.customers import EMAIL_LIMIT, in_words

Json = Mapping[str, Any]
LONGEST_TOKEN: Final = 64
"""As much of one as is compared; as of an order's."""


def checkout(topic: str, body: bytes) -> CheckoutSeen | CheckoutGone:
    """What one delivery says. Raises BadPayload, naming what is wrong."""
    try:
        payload = json_text.read(body)
        return CheckoutGone(_token(payload.get("cart_token"))) if topic.endswith("/delete") else _seen(payload)
    except KeyError as error:
        raise BadPayload(f"{topic} without {error.args[0]!r}") from error
    except (TypeError, ValueError, AttributeError, OverflowError, ArithmeticError) as error:
        raise BadPayload(f"{topic} cannot be read: {in_words(error)}") from error


def _seen(payload: Json) -> CheckoutSeen:
    shops, buyers = currency(payload["currency"]), optional(currency, payload.get("presentment_currency"))
    digits, lines = minor_digits(shops), things(payload.get("line_items"))
    customer = thing(payload.get("customer"))
    token = _token(payload["token"])
    if not token:
        raise ValueError("no token")
    return CheckoutSeen(
        token=token,
        cart_token=_token(payload.get("cart_token")),
        customer_id=optional(identifier, customer.get("id")),
        email=_text(payload.get("email") or customer.get("email")).strip()[:EMAIL_LIMIT],
        url=str(payload.get("abandoned_checkout_url") or ""),
        locale=_text(payload.get("customer_locale"))[:20],
        currency=shops,
        prices_known=buyers in (None, shops),
        subtotal=_money(payload["subtotal_price"], digits) if payload.get("subtotal_price") is not None else None,
        codes=tuple(_text(one.get("code")) for one in things(payload.get("discount_codes"))[:MOST_LINES]),
        source=_text(payload.get("source_name")) or "web",
        lines=tuple(_line(line, digits) for line in lines[:MOST_LINES]),
        more_lines=max(0, len(lines) - MOST_LINES),
        started_at=moment(payload["created_at"]),
        updated_at=moment(payload.get("updated_at") or payload["created_at"]),
        ended=bool(payload.get("completed_at") or payload.get("closed_at")),
    )


def _line(line: Json, digits: int) -> CheckoutLine:
    return CheckoutLine(
        title=_text(line.get("presentment_title") or line.get("title")),
        quantity=pieces(line["quantity"]),
        price=_money(line["price"], digits),
        variant=_text(line.get("presentment_variant_title") or line.get("variant_title")),
        product_id=optional(identifier, line.get("product_id")),
        variant_id=optional(identifier, line.get("variant_id")),
        vendor=_text(line.get("vendor")),
        gift_card=line.get("gift_card") is True,
    )


def _money(value: object, digits: int) -> Decimal:
    """An amount that can be counted with: nothing below nought, nothing beyond what an order can come to."""
    minor = to_minor(value, digits)
    if minor < 0:
        raise ValueError("an amount below nought")
    return Decimal(minor).scaleb(-digits)


def _token(value: object) -> str:
    return _text(value)[:LONGEST_TOKEN]
