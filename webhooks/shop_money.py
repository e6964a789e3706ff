"""Amounts of a payload that are said in two currencies: the shop's, in which everything is counted, and the buyer's.

Older fields have the shop's amount alone, as text or as a JSON number; `…_set` has both. Where both are there, the
set is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plugin.rules.money import known_currency, minor_digits, to_minor
from plugin.rules.orders.basis import SHIPPING_LINE
from plugin.rules.payloads.payload_values import currency as currency_code
from plugin.rules.payloads.payload_values import identifier, optional, pieces, thing, things

Json = Mapping[str, Any]
Rate = tuple[int, int]
_TOTALS = ("total_price_set", "current_total_price_set", "subtotal_price_set")


def stated(row: Json, name: str, digits: int) -> int | None:
    """The shop's amount called `name`, in minor units; None where the row does not say."""
    both = row.get(f"{name}_set")
    value = thing(both.get("shop_money")).get("amount") if isinstance(both, dict) else None
    value = row.get(name) if value is None else value
    return None if value is None or value == "" else to_minor(value, digits)


def amount(row: Json, name: str, digits: int) -> int:
    """The same; nothing where the row does not say."""
    return stated(row, name, digits) or 0


def total(rows: Iterable[Json], name: str, digits: int) -> int:
    """Over all rows; mostly there are none."""
    return sum([amount(row, name, digits) for row in rows]) if rows else 0


def taxes(row: Json, digits: int) -> int:
    """What the tax lines of the row come to."""
    return total(row.get("tax_lines") or (), "price", digits)


@dataclass(slots=True)
class Theirs:
    """Sums in the buyer's currency; `complete` while every row said its amount there."""

    currency: str = ""
    complete: bool = True

    def amount(self, row: Json, name: str) -> int:
        """The buyer's amount called `name`."""
        money = thing(thing(row.get(f"{name}_set")).get("presentment_money"))
        code = optional(currency_code, money.get("currency_code"))
        if code is None or self.currency not in ("", code) or money.get("amount") is None:
            self.complete = self.complete and not row.get(name) and f"{name}_set" not in row
            return 0
        self.currency = code
        return to_minor(money["amount"], minor_digits(code))


def rate_of(payload: Json, currency: str) -> Rate | None:
    """Minor units of the shop's currency, and of the buyer's, for the same things; None where there is one currency.

    By the order's own totals, or the dearest line.
    """
    shown = payload.get("presentment_currency")
    if not isinstance(shown, str) or shown in ("", currency) or not known_currency(shown):
        return None
    bags = [thing(payload.get(name)) for name in _TOTALS]
    bags += [thing(line.get("price_set")) for line in things(payload.get("line_items"))]
    pairs = [pair for bag in bags if (pair := _pair(bag, currency, shown))]
    return max(pairs, default=None)


def _pair(bag: Json, currency: str, shown: str) -> Rate | None:
    ours = optional(_reader(currency), thing(bag.get("shop_money")).get("amount"))
    theirs = optional(_reader(shown), thing(bag.get("presentment_money")).get("amount"))
    return (ours, theirs) if ours and theirs and ours > 0 and theirs > 0 else None


def _reader(currency: str) -> Any:
    digits = minor_digits(currency)
    return lambda value: to_minor(value, digits)


def in_shop_money(minor: int, currency: str, own: str, rate: Rate | None) -> int | None:
    """A payment as minor units of the order's currency; None where no rate is known."""
    if currency == own:
        return minor
    return None if rate is None else round(minor * rate[0] / rate[1])


def presented(payload: Json, currency: str) -> dict[str, Any]:
    """`presented_currency` and `presented_minor` of an order; nothing where the buyer paid in the shop's."""
    shown = payload.get("presentment_currency")
    if not isinstance(shown, str) or shown in ("", currency) or not known_currency(shown):
        return {}
    try:
        return _shown(payload, shown)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return {}  # told beside the shop's own amounts: not needed to judge the order


def _shown(payload: Json, shown: str) -> dict[str, Any]:
    digits = minor_digits(shown)
    lines = {identifier(line["id"]): _line(line, digits) for line in payload["line_items"]}
    shipping = sum(_shipping(line, digits) for line in payload.get("shipping_lines") or ())
    return {"presented_currency": shown, "presented_minor": {**lines, SHIPPING_LINE: shipping}}


def _line(line: Json, digits: int) -> int:
    units = max(pieces(line["quantity"]), pieces(line.get("current_quantity") or 0))
    return max(0, _seen(line, "price_set", digits) * units - _off(line.get("discount_allocations"), digits))


def _off(allocations: Iterable[Json] | None, digits: int) -> int:
    return sum(_seen(row, "amount_set", digits) for row in allocations or ())


def _shipping(line: Json, digits: int) -> int:
    return _seen(line, "discounted_price_set" if line.get("discounted_price_set") else "price_set", digits)


def _seen(row: Json, name: str, digits: int) -> int:
    money = (row.get(name) or {}).get("presentment_money") or {}
    return to_minor(money.get("amount") or "0", digits)
