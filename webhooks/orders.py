"""Order payloads, parsed at the door: orders/create, paid, updated, edited, cancelled, delete and
refunds/create. Money is shop money. Source of every field: Shopify's REST order resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from plugin.actions.orders.order_news import OrderDeleted, OrderEdited, OrderNews, OrderSeen, RefundSeen
from plugin.errors import BadPayload
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.orders.bounds import within_bounds
from plugin.rules.orders.order_rules import SUBSCRIPTION_SOURCE
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import currency as _currency
from plugin.rules.payloads.payload_values import optional, pieces, thing, things
from plugin.rules.payloads.payload_values import short_text as _text
from plugin.rules.referrals.referral_marks import Traces, address_of
from plugin.rules.types import Buyer, Line, OrderView, Whereto
from webhooks.charges import charges, payments
from webhooks.customers import buyer_of, identifier, in_words, moment
from webhooks.refunds import refund
from webhooks.shop_money import amount, presented, stated, taxes, total

Json = Mapping[str, Any]
LONGEST_REGION = 10
LONGEST_TOKEN = 64


def order(topic: str, triggered_at: datetime, body: bytes, shop_currency: str) -> OrderNews:
    """What one delivery of an order topic says. Raises BadPayload, naming what is wrong."""
    return told(topic, triggered_at, json_text.read(body), shop_currency)


def told(topic: str, triggered_at: datetime, payload: Json, shop_currency: str, *, vouched: bool = True) -> OrderNews:
    """The same of a body that has been read. `vouched`: it names the shop, or we fetched it ourselves."""
    try:
        return _news(topic, triggered_at, payload, shop_currency, vouched)
    except KeyError as error:
        raise BadPayload(f"{topic} without {error.args[0]!r}") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadPayload(f"{topic} cannot be read: {in_words(error)}") from error


def _news(topic: str, triggered_at: datetime, payload: Json, shop_currency: str, vouched: bool) -> OrderNews:
    if topic == "orders/delete":
        return OrderDeleted(identifier(payload["id"]), triggered_at)
    if topic == "orders/edited":
        return OrderEdited(identifier(payload["order_edit"]["order_id"]), triggered_at)
    if topic == "refunds/create":
        return _refund_seen(payload, shop_currency)
    cart = _text(payload.get("cart_token"))[:LONGEST_TOKEN]
    return OrderSeen(order_view(payload), triggered_at, traces(payload), vouched, cart)


def traces(payload: Json) -> Traces:
    """What the order says of the buyer beside the name; used to recognise fraud, as hashes, and never stored."""
    address = thing(payload.get("shipping_address")) or thing(payload.get("billing_address"))
    browser = thing(payload.get("client_details"))
    phone = payload.get("phone") or address.get("phone") or thing(payload.get("customer")).get("phone")
    return Traces(
        name=_text(address.get("name")),
        address=address_of(address),
        phone=_text(phone),
        ip=_text(payload.get("browser_ip") or browser.get("browser_ip")),
        agent=_text(browser.get("user_agent")),
    )


def order_view(payload: Json) -> OrderView:
    """The whole state of an order."""
    currency = _currency(payload["currency"])
    digits = minor_digits(currency)
    created_at = moment(payload["created_at"])
    updated_at = moment(payload.get("updated_at") or payload["created_at"])
    view = OrderView(
        order_id=identifier(payload["id"]),
        name=_text(payload.get("name")),
        created_at=created_at,
        updated_at=updated_at,
        processed_at=moment(payload.get("processed_at") or payload["created_at"]),
        currency=currency,
        financial_status=_text(payload.get("financial_status")) or "pending",
        buyer=_buyer(payload),
        lines=tuple(_line(line, digits) for line in payload["line_items"]),
        refunds=tuple(refund(each, currency) for each in payload.get("refunds") or ()),
        cancelled_at=moment(payload["cancelled_at"]) if payload.get("cancelled_at") else None,
        test=bool(payload.get("test")),
        source=_text(payload.get("source_name")) or "web",
        taxes_included=bool(payload.get("taxes_included")),
        total_minor=amount(payload, "total_price", digits),
        discount_codes=tuple(_codes(payload)),
        gateways=tuple(_text(name) for name in payload.get("payment_gateway_names") or ()),
        subscription=_subscription(payload),
        fulfilled_at=_fulfilled_at(payload),
        sent_in_part=payload.get("fulfillment_status") == "partial",
        codes_minor=_codes_minor(payload, digits),
        whereto=_whereto(payload, updated_at),
        checkout_token=_text(payload.get("checkout_token"))[:LONGEST_TOKEN],
        **charges(payload, digits),
        **payments(payload, currency),
        **presented(payload, currency),
    )
    return within_bounds(view)


def _buyer(payload: Json) -> Buyer:
    customer = payload.get("customer") or {}
    email = payload.get("email") or payload.get("contact_email") or customer.get("email")
    locale = payload.get("customer_locale") or customer.get("locale")
    buyer = buyer_of(customer, _text(email), _text(locale))
    own = email == customer.get("email")  # else it is an address for this order, which the customer's record may mend
    return buyer if own or buyer.told_at is None else replace(buyer, told_at=None)


def _line(line: Json, digits: int) -> Line:
    quantity = pieces(line["quantity"])
    current = line.get("current_quantity")
    return Line(
        id=identifier(line["id"]),
        title=_text(line.get("title") or line.get("name")),
        quantity=quantity,
        current_quantity=quantity if current is None else pieces(current),
        price_minor=_price(line, digits),
        discount_minor=total(line.get("discount_allocations") or (), "amount", digits),
        tax_minor=taxes(line, digits),
        product_id=_id_or_none(line.get("product_id")),
        variant=_text(line.get("variant_title")),
        variant_id=_id_or_none(line.get("variant_id")),
        vendor=_text(line.get("vendor")),
        gift_card=bool(line.get("gift_card")),
        tip="tip_payment_gateway" in line or bool(line.get("tip")),
    )


def _price(line: Json, digits: int) -> int:
    if (price := line.get("price")) is not None:
        return to_minor(price, digits)
    if (price := stated(line, "price", digits)) is None:
        raise KeyError("price")
    return price


def _id_or_none(value: object) -> int | None:
    return identifier(value) if value else None


def _subscription(payload: Json) -> bool | None:
    """Later orders of a subscription say so; of a first one only an order that we fetched ourselves does."""
    if _text(payload.get("source_name")).startswith(SUBSCRIPTION_SOURCE):
        return True
    if "transactions" not in payload:
        return None
    return any(line.get("selling_plan") for line in payload["line_items"])


def _fulfilled_at(payload: Json) -> datetime | None:
    if payload.get("fulfillment_status") != "fulfilled":
        return None
    sent = [
        optional(moment, row.get("created_at"))
        for row in things(payload.get("fulfillments"))
        if row.get("status") in ("success", None)
    ]
    return max((at for at in sent if at), default=moment(payload.get("updated_at") or payload["created_at"]))


def _codes(payload: Json) -> Iterable[str]:
    for row in payload.get("discount_codes") or ():
        if code := _text(row.get("code")).strip():
            yield code


def _codes_minor(payload: Json, digits: int) -> Mapping[str, int] | None:
    """Of a code that Shopify words in another way than documented nothing is said."""
    found: dict[str, int] = {}
    for row in things(payload.get("discount_codes")):
        took = optional(lambda value: to_minor(value, digits), row.get("amount"))
        if took and took > 0 and row.get("type") != "shipping" and (code := _text(row.get("code")).strip()):
            found[code] = found.get(code, 0) + took
    return found or None


def _whereto(payload: Json, at: datetime) -> Whereto | None:
    """The country and region of the address it goes to, else of the one it is billed to."""
    address = thing(payload.get("shipping_address")) or thing(payload.get("billing_address"))
    country = _text(address.get("country_code")).strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        return None
    return Whereto(at, country, _text(address.get("province_code")).strip().upper()[:LONGEST_REGION])


def _refund_seen(payload: Json, shop_currency: str) -> RefundSeen:
    return RefundSeen(identifier(payload["order_id"]), refund(payload, shop_currency))
