"""What reports must know, read from the bodies of orders alone, order by order. Nothing of the plugin's.

Written from the definitions in docs/decisions/0034: it adds up what the payloads say, by the slowest way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """The newest body of an order, whether it was deleted since, and whose it is (None: nobody's)."""

    body: Body
    deleted: bool
    person: object
    forgotten: bool = False


@dataclass(frozen=True)
class Found:
    """One order."""

    person: object
    day: date
    why_not: str
    currency: str
    net: int
    gross: int
    off: int
    country: str
    region: str
    items: Mapping[int, tuple[int, int]]


def half_up(amount: Fraction) -> int:
    """Half a coin counts as one."""
    return int(amount + Fraction(1, 2))


def cents(text: object) -> int:
    """Of two decimals."""
    return int(Decimal(str(text)) * 100)


def found(told: Told, zone: str, ours: Iterable[str], *, on_creation: bool) -> Found:
    """What is true of one order."""
    body = told.body
    day = datetime.fromisoformat(body["processed_at"]).astimezone(ZoneInfo(zone)).date()
    goods = [line for line in body["line_items"] if not line.get("gift_card") and "tip_payment_gateway" not in line]
    why = _why_not(told, goods, on_creation=on_creation)
    address = body.get("shipping_address") or {}
    where = ("", "") if told.forgotten else (address.get("country_code", ""), address.get("province_code", ""))
    if why:
        return Found(told.person, day, why, body["currency"], 0, 0, 0, *where, {})
    left = _left_after_goodwill(body)
    net = sum((_kept(line, body) * left for line in goods), Fraction(0))
    gross = sum((_kept(line, body, before_discounts=True) * left for line in goods), Fraction(0))
    items: dict[int, tuple[int, Fraction]] = {}
    for line in goods:
        if line["current_quantity"] and line.get("product_id"):
            units, money = items.get(line["product_id"], (0, Fraction(0)))
            money += _kept(line, body) * left
            items[line["product_id"]] = (units + line["current_quantity"], money)
    off = 0 if told.forgotten else _off(body, goods, gross, set(ours))
    return Found(
        told.person, day, "", body["currency"], half_up(net), half_up(gross), min(off, half_up(gross) - half_up(net)),
        *where, {key: (units, half_up(money)) for key, (units, money) in items.items()},
    )  # fmt: skip


def _why_not(told: Told, goods: Sequence[Body], *, on_creation: bool) -> str:
    body = told.body
    if told.deleted:
        return "deleted"
    if body.get("test"):
        return "test"
    if body.get("cancelled_at"):
        return "cancelled"
    good = {"paid", "partially_paid", "partially_refunded"} | ({"authorized", "pending"} if on_creation else set())
    if body["financial_status"] not in good:
        return "refunded" if body["financial_status"] == "refunded" else "not_paid"
    return "" if any(line["current_quantity"] for line in goods) else "nothing_kept"


def _kept(line: Body, body: Body, *, before_discounts: bool = False) -> Fraction:
    """What the kept units cost, without tax: units of a line cost the same each."""
    price = Fraction(cents(line["price"]) * line["quantity"])
    off = sum(cents(each["amount"]) for each in line["discount_allocations"])
    net, tax = price - off, sum(cents(each["price"]) for each in line["tax_lines"])
    amount = price if before_discounts else net
    if body["taxes_included"] and net:
        amount -= tax * amount / net
    return amount * line["current_quantity"] / line["quantity"]


def _left_after_goodwill(body: Body) -> Fraction:
    """Money given back for nothing lessens everything that is kept, tips apart, in proportion."""
    kept = sum((_with_tax(line, body) for line in body["line_items"] if "tip_payment_gateway" not in line), Fraction(0))
    kept += sum(cents(each["price"]) for each in body.get("shipping_lines", ()))
    given = sum(-cents(each["amount"]) for one in body["refunds"] for each in one["order_adjustments"])
    return max(Fraction(0), 1 - given / kept) if kept else Fraction(int(not given))


def _with_tax(line: Body, body: Body) -> Fraction:
    net = cents(line["price"]) * line["quantity"] - sum(cents(each["amount"]) for each in line["discount_allocations"])
    tax = 0 if body["taxes_included"] else sum(cents(each["price"]) for each in line["tax_lines"])
    return Fraction(net + tax) * line["current_quantity"] / line["quantity"]


def _off(body: Body, goods: Sequence[Body], gross: Fraction, ours: set[str]) -> int:
    """Our codes, in the proportion of what is left to what was bought."""
    took = sum(cents(each["amount"]) for each in body["discount_codes"] if each["code"].upper() in ours)
    bought = sum(cents(line["price"]) * line["quantity"] for line in goods)
    return half_up(took * gross / bought) if bought else 0


def person_stats(orders: Sequence[Found], currency: str, first: date) -> tuple[object, ...]:
    """First, second and last day, orders, days, net, both words of months, median gap."""
    days = sorted({each.day for each in orders})
    if not days:
        return (None, None, None, 0, 0, 0, 0, 0, None)
    gaps = [(later - day).days for day, later in zip(days, days[1:], strict=False)]
    numbers = {(day.year - first.year) * 12 + day.month - first.month for day in days}
    words = [sum(1 << (k - low) for k in numbers if low <= k < low + 63) for low in (0, 63)]
    net = sum(each.net for each in orders if each.currency == currency)
    second = days[1] if len(days) > 1 else None
    gap = float(median(gaps)) if gaps else None
    return (days[0], second, days[-1], len(orders), len(days), net, *words, gap)


def by_month(orders: Sequence[Found], currency: str) -> dict[date, tuple[int, int, int]]:
    """Orders, days and net of each month."""
    result = {}
    for month in {each.day.replace(day=1) for each in orders}:
        mine = [each for each in orders if each.day.replace(day=1) == month]
        net = sum(each.net for each in mine if each.currency == currency)
        result[month] = (len(mine), len({each.day for each in mine}), net)
    return result
