"""A cart read as the order that it would become, so that the very rules of earning judge it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from plugin.rules.money import MAX_MINOR, minor_digits
from plugin.rules.orders.cart_taxes import UNTAXED, Taxes
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer, Line, OrderView
from plugin.rules.worth.kept import SHIPPING_LINE

Rate = tuple[int, int]
"""Minor units of the shop's currency, and of the buyer's for the same things."""
UNKNOWN_PRODUCT = 0
FIRST_LINE = SHIPPING_LINE + 1


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line as a surface sees it; `price` is what one costs in the cart's currency, after its own discounts."""

    quantity: int
    price: Decimal
    product_id: int | None = None
    variant_id: int | None = None
    vendor: str = ""
    gift_card: bool = False
    subscription: bool = False


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart. `subtotal` is after all discounts and before shipping; `source` as orders have it: web, pos."""

    currency: str
    lines: tuple[CartLine, ...] = ()
    subtotal: Decimal | None = None
    codes: tuple[str, ...] = ()
    source: str = "web"


def line_minors(cart: Cart) -> list[int]:
    """What each line costs after every discount, in minor units of the cart's currency: what is off the whole cart is
    spread over its lines by what they cost, gift cards aside, and not a unit is lost."""
    unit = Decimal(10) ** minor_digits(cart.currency)
    full = [min(MAX_MINOR, int((line.price * line.quantity * unit).to_integral_value())) for line in cart.lines]
    if cart.subtotal is None:
        return full
    open_to = [0 if line.gift_card else minor for line, minor in zip(cart.lines, full, strict=True)]
    off = min(sum(open_to), max(0, sum(full) - int((cart.subtotal * unit).to_integral_value())))
    return [minor - part for minor, part in zip(full, _spread(off, open_to), strict=True)]


def _spread(off: int, over: list[int]) -> list[int]:
    whole, done, parts, upto = sum(over), 0, [], 0
    for each in over:
        upto += each
        part = off * upto // whole - done if whole else 0
        parts.append(part)
        done += part
    return parts


def in_shops(minor: int, rate: Rate) -> int:
    """An amount of the buyer's currency in the shop's, half up."""
    shops, buyers = rate
    return (2 * minor * shops + buyers) // (2 * buyers)


def as_order(
    cart: Cart, shops_currency: str, rate: Rate, buyer: Buyer, now: datetime, taxes: Taxes = UNTAXED
) -> OrderView:  # fmt: skip
    """The order that the cart would be if it were paid and sent now, with the tax that is known."""
    minors = line_minors(cart)
    pairs = enumerate(zip(cart.lines, minors, strict=True), FIRST_LINE)
    lines = tuple(_line(number, line, in_shops(minor, rate), taxes) for number, (line, minor) in pairs)
    view = OrderView(
        order_id=0, name="", created_at=now, updated_at=now, processed_at=now, currency=shops_currency,
        financial_status="paid", buyer=buyer, lines=lines, source=cart.source, fulfilled_at=now,
        taxes_included=taxes.included, total_minor=sum(line.price_minor for line in lines), discount_codes=cart.codes,
        subscription=any(line.subscription for line in cart.lines),
    )  # fmt: skip
    if cart.currency == shops_currency:
        return view
    return replace(
        view, presented_currency=cart.currency, presented_minor=dict(enumerate(minors, FIRST_LINE)), rate=rate
    )


def _line(number: int, line: CartLine, minor: int, taxes: Taxes) -> Line:
    """The whole line as one price, less what does not divide: the units count for rules that give points per item."""
    each = -(-minor // line.quantity)
    return Line(
        id=number, title="", quantity=line.quantity, current_quantity=line.quantity, price_minor=each,
        discount_minor=each * line.quantity - minor, product_id=line.product_id or UNKNOWN_PRODUCT,
        variant_id=line.variant_id, vendor=line.vendor, gift_card=line.gift_card,
        tax_minor=0 if line.gift_card else taxes.of(minor),
    )  # fmt: skip


def is_about(cart: Cart, programme: Programme, shops_currency: str, *, taxes_included: bool) -> bool:
    """Whether what a cart does not say may change what it earns: the rate of another currency, tax, shipping, a limit
    of the period, a product or maker that the surface did not name."""
    basis, orders = programme.basis, programme.orders
    if cart.currency != shops_currency or basis.shipping or orders.limits:
        return True
    if basis.tax != taxes_included:
        return True
    goods = basis.excluded_products or basis.needs_product_facts or any(rule.picks_lines for rule in orders.live)
    if goods and any(line.product_id is None for line in cart.lines):
        return True
    return any(rule.vendors for rule in orders.live) and any(not line.vendor for line in cart.lines)


def is_most(programme: Programme, taxes: Taxes) -> bool:
    """Whether it earns no more than its prices say, and perhaps less: they include a tax that does not count, and of
    which nobody knows how much it is."""
    basis = programme.basis
    return taxes.included and not basis.tax and taxes.rate is None and not basis.shipping
