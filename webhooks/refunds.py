"""One refund, as it stands in an order or comes alone as refunds/create: what it names, and what really moved.

Source: Shopify's REST Refund resource. Refunded shipping is in `refund_shipping_lines` since 2024-10, and in an
adjustment before; bodies with both are still seen, and it counts once. An adjustment above nothing says that less
money went back than the lines are worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.rules.money import minor_digits, to_minor
from plugin.rules.payloads.payload_values import currency as currency_code
from plugin.rules.payloads.payload_values import identifier, moment, optional, pieces, short_text, thing, things
from plugin.rules.types import Abroad, Moved, Refund, RefundedShipping, RefundLine
from plugin.rules.worth.adjustment_reasons import BALANCING, PENDING, SHIPPING, reason_of
from webhooks.shop_money import Theirs, amount, stated, taxes, total

Json = Mapping[str, Any]
_DUTIES = ("duties", "refund_duties")
_FEES = ("additional_fees", "refund_additional_fees")


def refund(payload: Json, shop_currency: str) -> Refund:
    """The refund in minor units of the shop's currency. Raises ValueError or KeyError for what cannot be read."""
    currency = _currency(payload) or shop_currency
    digits = minor_digits(currency)
    shipping = payload.get("refund_shipping_lines") or ()
    adjustments = payload.get("order_adjustments") or ()
    for_shipping = [row for row in adjustments if _is_shipping(row, shipping, digits)]
    others = [row for row in adjustments if row not in for_shipping and not _is_promise(row, digits)]
    balancing = [row for row in others if reason_of(row.get("reason")) == BALANCING]
    rest = [row for row in others if reason_of(row.get("reason")) != BALANCING]
    payments = _payments(payload)
    return Refund(
        id=identifier(payload["id"]),
        lines=tuple(_line(row, digits) for row in payload.get("refund_line_items") or ()),
        shipping=tuple(_shipped(row, digits) for row in shipping) if shipping else _older(for_shipping, digits),
        duties_minor=_duties(payload, digits),
        discrepancy_minor=_with_tax(rest, digits) if rest else None,
        balancing_minor=_with_tax(balancing, digits),
        moved=None if payload.get("transactions") is None else _moved(payments, currency),
        pending=_pending(payments) or any(_is_promise(row, digits) for row in adjustments),
        currency=currency,
        abroad=_abroad(payload, shipping, others, for_shipping, currency),
        created_at=optional(moment, payload.get("created_at")),
    )


def _line(row: Json, digits: int) -> RefundLine:
    subtotal, tax = stated(row, "subtotal", digits), stated(row, "total_tax", digits)
    return RefundLine(identifier(row["line_item_id"]), pieces(row["quantity"]), subtotal, tax)


def _currency(payload: Json) -> str:
    """A refund names the shop's currency only inside money sets."""
    for rows, name in (("refund_line_items", "subtotal"), ("order_adjustments", "amount"),
                       ("refund_shipping_lines", "subtotal_amount"), ("duties", "amount")):  # fmt: skip
        for row in things(payload.get(rows)):
            if money := thing(thing(row.get(f"{name}_set")).get("shop_money")):
                return currency_code(money["currency_code"])
    money = thing(thing(payload.get("total_duties_set")).get("shop_money"))
    return optional(currency_code, money.get("currency_code")) or ""


def _is_shipping(row: Json, shipping: Sequence[Json], digits: int) -> bool:
    """By its kind or its reason; without either, when it says the amount of a refunded shipping line again."""
    if row.get("kind") == "shipping_refund" or reason_of(row.get("reason")) == SHIPPING:
        return True
    if row.get("kind") or reason_of(row.get("reason")):
        return False
    net = -amount(row, "amount", digits)
    said = [amount(line, "subtotal_amount", digits) for line in shipping]
    return net in said or net - amount(row, "tax_amount", digits) in said


def _is_promise(row: Json, digits: int) -> bool:
    """Money that is on its way back, and has not moved."""
    return reason_of(row.get("reason")) == PENDING and amount(row, "amount", digits) < 0


def _shipped(row: Json, digits: int) -> RefundedShipping:
    named = thing(row.get("shipping_line")).get("id") or row.get("shipping_line_id")
    net, tax = amount(row, "subtotal_amount", digits), amount(row, "tax_amount", digits)
    return RefundedShipping(optional(identifier, named) or 0, max(0, net), max(0, tax))


def _older(adjustments: Sequence[Json], digits: int) -> tuple[RefundedShipping, ...]:
    """Below nothing, and of no line in particular."""
    net, tax = total(adjustments, "amount", digits), total(adjustments, "tax_amount", digits)
    return (RefundedShipping(0, max(0, -net), max(0, -tax), beside=True),) if net or tax else ()


def _with_tax(adjustments: Sequence[Json], digits: int) -> int:
    """The tax of an adjustment stands beside its amount, not in it."""
    return total(adjustments, "amount", digits) + total(adjustments, "tax_amount", digits)


def _duties(payload: Json, digits: int) -> int:
    """Duties and fees; each row with its tax, or the total where no row says an amount."""
    duties = next((found for name in _DUTIES if (found := _charges(payload, name, digits))), 0)
    fees = next((found for name in _FEES if (found := _charges(payload, name, digits))), 0)
    return max(0, duties or amount(payload, "total_duties", digits)) + max(0, fees)


def _charges(payload: Json, name: str, digits: int) -> int:
    rows = things(payload.get(name))
    return sum((amount(row, "amount", digits) or amount(row, "price", digits)) + taxes(row, digits) for row in rows)


def _theirs(payload: Json, names: Sequence[str], sums: Theirs) -> int:
    """Of duties or fees, as `_duties` counts them."""
    found = ([_theirs_of(row, sums) for row in things(payload.get(name))] for name in names)
    return next((sum(rows) for rows in found if any(rows)), 0)


def _theirs_of(row: Json, sums: Theirs) -> int:
    amounts = sums.amount(row, "amount") if "amount_set" in row else sums.amount(row, "price")
    return amounts + sum(sums.amount(each, "price") for each in things(row.get("tax_lines")))


def _payments(payload: Json) -> list[Json]:
    return [row for row in payload.get("transactions") or () if row.get("kind") == "refund"]


def _moved(payments: Sequence[Json], currency: str) -> tuple[Moved, ...]:
    """What succeeded, by gateway and currency."""
    sums: dict[tuple[str, str], int] = {}
    for row in payments:
        if row.get("status") == "success":
            theirs = optional(currency_code, row.get("currency")) or currency
            key = short_text(row.get("gateway")), theirs
            sums[key] = sums.get(key, 0) + to_minor(row.get("amount") or "0", minor_digits(theirs))
    return tuple(Moved(gateway, theirs, minor) for (gateway, theirs), minor in sorted(sums.items()))


def _pending(payments: Sequence[Json]) -> bool:
    return any(row.get("status") == "pending" for row in payments)


def _abroad(
    payload: Json, shipping: Sequence[Json], others: Sequence[Json], for_shipping: Sequence[Json], currency: str
) -> Abroad | None:
    """The same amounts in the buyer's currency, where the refund says all of them and it is another one."""
    sums, lines = Theirs(), payload.get("refund_line_items") or ()
    named = sum(sums.amount(row, "subtotal") for row in lines)
    tax = sum(sums.amount(row, "total_tax") for row in lines)
    if shipping:
        named += sum(sums.amount(row, "subtotal_amount") for row in shipping)
        tax += sum(sums.amount(row, "tax_amount") for row in shipping)
    else:
        named -= sum(sums.amount(row, name) for row in for_shipping for name in ("amount", "tax_amount"))
    named += sums.amount(payload, "total_duties") if "total_duties_set" in payload else _theirs(payload, _DUTIES, sums)
    named += _theirs(payload, _FEES, sums)
    discrepancy = sum(sums.amount(row, name) for row in others for name in ("amount", "tax_amount"))
    if not sums.complete or sums.currency in ("", currency):
        return None
    return Abroad(sums.currency, named, tax, discrepancy)
