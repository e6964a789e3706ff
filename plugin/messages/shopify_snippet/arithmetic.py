"""The Liquid that counts an order's points as the ledger will: in whole numbers, rounded once.

Shopify's templates give every amount in hundredths of the currency unit, also where the currency has no decimals
(1,000 yen are 100000).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from plugin.rules.formats import one_line
from plugin.rules.programme import Basis, Programme, Rounding

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class SnippetShop:
    """What a snippet must know of the shop: its currency, the mail's language, how prices are shown."""

    currency: str
    locale: str = "en"
    prices_include_tax: bool = False


def counting(programme: Programme, shop: SnippetShop) -> dict[str, str]:
    """What the template's slots for arithmetic hold."""
    return {
        "minimum": str(int(programme.basis.minimum_order * HUNDREDTHS)),
        "amount": _amount(programme, shop),
        "rates": _rates(programme),
        "extra": _extra(programme),
        "most": _most(programme),
    }


def _rates(programme: Programme) -> str:
    """Assigns the base rate, and a tier's own where the customer's metafield names such a tier."""
    rows = [_rate(programme.earning.points, programme.earning.per_amount, Decimal(1), programme.earning.rounding)]
    own = {rate.tier: rate for rate in programme.orders.tier_rates}
    for tier in programme.tiers.levels:
        rate = own.get(tier.key)
        if rate is None and tier.multiplier == 1:
            continue
        base = rate or programme.earning
        here = _rate(base.points, base.per_amount, tier.multiplier, programme.earning.rounding)
        rows.append(f"{{%- if suki_tier == {quoted(tier.name)} -%}}{here}{{%- endif -%}}")
    return "\n".join(rows)


def _rate(points: int, per_amount: Decimal, multiplier: Decimal, rounding: Rounding) -> str:
    """Whole numbers only, so that Liquid divides as the ledger does: down, half up, or up."""
    rate = Fraction(points) * Fraction(multiplier) / (Fraction(per_amount) * HUNDREDTHS)
    times, by = rate.numerator, rate.denominator
    plus = by - 1 if rounding == "ceil" else 0
    if rounding == "half_up":
        times, plus, by = 2 * times, by, 2 * by
    return f"{{%- assign suki_times = {times} -%}}{{%- assign suki_plus = {plus} -%}}{{%- assign suki_by = {by} -%}}"


def _amount(programme: Programme, shop: SnippetShop) -> str:
    """Liquid that brings `suki_minor` from the subtotal to what counts, and counts `suki_units` that do."""
    basis = programme.basis
    rows = [_before_discounts()] if basis.before_discounts else []
    rows.append(_without_excluded(basis))
    if basis.shipping:
        rows.append(_add("shipping_price", "plus"))
    if basis.tax != shop.prices_include_tax:
        rows.append(_add("tax_price", "plus" if basis.tax else "minus"))
    return "\n".join(rows)


def _extra(programme: Programme) -> str:
    """Liquid that sets `suki_extra`: points for each item and for the order, which nothing multiplies."""
    rows = ["{%- assign suki_extra = 0 -%}"]
    if programme.orders.per_item:
        rows.append(f"{{%- assign suki_extra = suki_units | times: {programme.orders.per_item} -%}}")
    if programme.orders.per_order:
        more = f"{{%- assign suki_extra = suki_extra | plus: {programme.orders.per_order} -%}}"
        rows.append(f"{{%- if suki_units > 0 -%}}{more}{{%- endif -%}}")
    return "\n".join(rows)


def _most(programme: Programme) -> str:
    """Liquid that keeps the points of one order within what the programme allows."""
    most = programme.orders.most_points
    return "" if most is None else f"{{%- assign suki_points = suki_points | at_most: {most} -%}}"


def _add(variable: str, operation: str) -> str:
    return (
        f"{{%- assign suki_more = {variable} | default: 0 -%}}\n"
        f"{{%- assign suki_minor = suki_minor | {operation}: suki_more -%}}"
    )


def _before_discounts() -> str:
    return (
        "{%- assign suki_minor = 0 -%}\n{%- for suki_line in suki_lines -%}\n"
        "{%- assign suki_minor = suki_minor | plus: suki_line.original_line_price -%}\n{%- endfor -%}"
    )


def _without_excluded(basis: Basis) -> str:
    """Takes the lines off that earn nothing: gift cards always, the rest as the programme says."""
    price = "original_line_price" if basis.before_discounts else "final_line_price"
    rows = [
        "{%- for suki_line in suki_lines -%}",
        "{%- assign suki_out = false -%}",
        "{%- if suki_line.gift_card -%}{%- assign suki_out = true -%}{%- endif -%}",
        *_exclusions(basis),
        "{%- if suki_out -%}",
        f"{{%- assign suki_minor = suki_minor | minus: suki_line.{price} -%}}",
    ]
    if not basis.before_discounts:
        rows += [
            "{%- for suki_part in suki_line.discount_allocations -%}",
            "{%- if suki_part.discount_application.target_selection == 'all' -%}"
            "{%- assign suki_minor = suki_minor | plus: suki_part.amount -%}{%- endif -%}",
            "{%- endfor -%}",
        ]
    units = "{%- else -%}{%- assign suki_units = suki_units | plus: suki_line.quantity -%}"
    return "\n".join([*rows, units, "{%- endif -%}", "{%- endfor -%}"])


def _exclusions(basis: Basis) -> list[str]:
    out = "{%- assign suki_out = true -%}"
    rows = []
    if basis.excluded_products:
        tests = " or ".join(f"suki_line.product.id == {number}" for number in sorted(basis.excluded_products))
        rows.append(f"{{%- if {tests} -%}}{out}{{%- endif -%}}")
    if basis.excluded_collections:
        tests = " or ".join(f"suki_set.id == {number}" for number in sorted(basis.excluded_collections))
        rows.append(_any("suki_set", "collections", tests, out))
    if basis.excluded_tags:
        tests = " or ".join(f"suki_low == {quoted(tag.lower())}" for tag in sorted(basis.excluded_tags))
        rows.append(_any("suki_tag", "tags", tests, out, "{%- assign suki_low = suki_tag | downcase -%}"))
    return rows


def _any(name: str, field: str, tests: str, out: str, first: str = "") -> str:
    return (
        f"{{%- for {name} in suki_line.product.{field} -%}}{first}"
        f"{{%- if {tests} -%}}{out}{{%- endif -%}}{{%- endfor -%}}"
    )


def quoted(value: str) -> str:
    """Text as a Liquid string, which knows no escapes: in those quotes that it does not hold itself; what could end it
    or the block all the same is left out.

    >>> print(quoted("Nena's"), quoted('12"'))
    "Nena's" '12"'
    """
    line = re.sub(r"[{}%]", "", one_line(value, 255))
    mark = '"' if "'" in line and '"' not in line else "'"
    return mark + line.replace(mark, "") + mark
