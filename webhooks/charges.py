"""What an order charges beside its lines, and how it was paid: shipping, duties, fees, tips, payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.rules.money import minor_digits, to_minor
from plugin.rules.payloads.payload_values import currency as currency_code
from plugin.rules.payloads.payload_values import identifier, optional, pieces, short_text, thing, things
from plugin.rules.types import Parcel
from webhooks.shop_money import amount, in_shop_money, rate_of, stated, taxes

Json = Mapping[str, Any]
_CAME_IN = ("sale", "capture")


def charges(payload: Json, digits: int) -> dict[str, Any]:
    """Shipping, duties and fees, tips, and what is open, as fields of an order."""
    outstanding = stated(payload, "total_outstanding", digits)
    return {
        **_shipping(payload, digits),
        **_duties(payload, digits),
        "tip_minor": _tips(payload, digits),
        "outstanding_minor": None if outstanding is None else max(0, outstanding),
    }


def _shipping(payload: Json, digits: int) -> dict[str, Any]:
    """Each line, whether an edit removed it or not, and the sums of what was not removed."""
    parcels = tuple(_parcel(line, digits) for line in payload.get("shipping_lines") or ())
    here = [parcel for parcel in parcels if not parcel.removed]
    return {
        "shipping_minor": sum(parcel.cost_minor for parcel in here),
        "shipping_tax_minor": sum(parcel.tax_minor for parcel in here),
        "parcels": tuple(parcel for parcel in parcels if parcel.cost_minor or parcel.tax_minor),
    }


def _parcel(line: Json, digits: int) -> Parcel:
    cost, now = _price(line, digits), stated(line, "current_discounted_price", digits)
    removed = bool(line.get("is_removed"))
    key = optional(identifier, line.get("id")) or 0
    return Parcel(key, cost, taxes(line, digits), None if removed else now, removed)


def _price(line: Json, digits: int) -> int:
    discounted = stated(line, "discounted_price", digits)
    return amount(line, "price", digits) if discounted is None else discounted


def _duties(payload: Json, digits: int) -> dict[str, Any]:
    """Duties and additional fees together: neither ever earns. With the tax of each."""
    on_lines = [row for line in payload["line_items"] for row in things(line.get("duties"))]
    fees = things(payload.get("additional_fees"))
    tax = 0 if payload.get("taxes_included") else sum(taxes(row, digits) for row in (*on_lines, *fees))
    sums = [_charge(payload, name, rows, digits) for name, rows in (("duties", on_lines), ("additional_fees", fees))]
    charged, now = sum(first for first, _ in sums), sum(present for _, present in sums)
    if not charged:
        return {"duties_minor": 0, "duties_now_minor": None}
    return {
        "duties_minor": charged + tax,
        "duties_now_minor": None if now == charged else now + tax * now // charged,
    }


def _charge(payload: Json, name: str, rows: Sequence[Json], digits: int) -> tuple[int, int]:
    """As charged, and as it is now: an edit can add to it."""
    first = stated(payload, f"original_total_{name}", digits)
    if first is None:
        first = sum(_row(row, digits) for row in rows)
    now = stated(payload, f"current_total_{name}", digits)
    return max(first, now or 0), first if now is None else now


def _row(row: Json, digits: int) -> int:
    """A duty of a line has its amounts in itself, a fee in a set."""
    return to_minor(thing(row.get("shop_money")).get("amount") or "0", digits) or amount(row, "price", digits)


def _tips(payload: Json, digits: int) -> int:
    """Tips that are no line of the order: those that are one are said twice."""
    lines = [line for line in payload["line_items"] if "tip_payment_gateway" in line or line.get("tip")]
    on_lines = sum(amount(line, "price", digits) * pieces(line["quantity"]) for line in lines)
    return max(0, amount(payload, "total_tip_received", digits) - on_lines)


def payments(payload: Json, currency: str) -> dict[str, Any]:
    """What came in, by gateway and in all; only orders that we fetched ourselves carry transactions."""
    rate = rate_of(payload, currency)
    rows = payload.get("transactions")
    if rows is None:
        return {"rate": rate}
    sums: dict[str, int] = {}
    known = True
    for row in rows:
        if row.get("kind") in _CAME_IN and row.get("status") == "success":
            theirs = optional(currency_code, row.get("currency")) or currency
            minor = in_shop_money(to_minor(row.get("amount") or "0", minor_digits(theirs)), theirs, currency, rate)
            gateway = short_text(row.get("gateway"))
            sums[gateway] = sums.get(gateway, 0) + (minor or 0)
            known = known and minor is not None
    return {"rate": rate, "tenders_minor": sums, "received_minor": sum(sums.values()) or None if known else None}
