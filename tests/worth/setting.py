"""In which shop a history happens: currencies, taxes, and the shapes in which Shopify tells of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Draw = Callable[[int], int]
"""Of so many possibilities, one: 0 to n - 1. Either hypothesis or a seeded Random stands behind it."""

DECIMALS = {"JPY": 0, "KWD": 3}


def decimals(currency: str) -> int:
    """How many decimals the currency's smallest coin has."""
    return DECIMALS.get(currency, 2)


@dataclass(frozen=True)
class Market:
    """The shop's currency, and the buyer's with its rate, in buyer's units for one of the shop's."""

    currency: str
    buyers: str
    rate: Fraction
    grain: int
    """So many of the shop's smallest coins convert to whole coins of the buyer's."""


MARKETS = (
    Market("USD", "USD", Fraction(1), 1),
    Market("JPY", "JPY", Fraction(1), 1),
    Market("KWD", "KWD", Fraction(1), 1),
    Market("USD", "JPY", Fraction(150), 2),
    Market("JPY", "USD", Fraction(1, 100), 1),
    Market("KWD", "USD", Fraction(3), 10),
    Market("USD", "KWD", Fraction(1, 4), 2),
    Market("EUR", "USD", Fraction(5, 4), 4),
)


@dataclass(frozen=True)
class Style:
    """How Shopify words what happened. Every value has been seen or is documented; see refunds.md."""

    shipping_refund: str = "new"  # new | both | both_without_kind | old
    numbers: str = "text"  # text | json
    kind: bool = True
    amount: bool = True
    reason: str = "Refund discrepancy"
    tax_apart: bool = False
    current_shipping: bool = True
    removed_price: str = "nothing"  # nothing | as it was: the present price of a shipping line that was removed
    total_price: str = "frozen"  # frozen | follows
    tip: str = "field"  # field | line | both
    subtotal: bool = True
    pending: str = "single"  # single | pair
    settled: str = "plain"  # plain | rows
    both_states: str = "partially_paid"  # of an order with open money and money given back
    owed: str = "stated"  # stated | zero: total_outstanding where the shop owes the buyer


_CHOICES: dict[str, Sequence[object]] = {
    "shipping_refund": ("new", "both", "both_without_kind", "old"),
    "numbers": ("text", "json"),
    "kind": (True, False),
    "amount": (True, False),
    "reason": ("Refund discrepancy", "damage", "restock", "customer"),
    "tax_apart": (False, True),
    "current_shipping": (True, False),
    "removed_price": ("nothing", "as it was"),
    "total_price": ("frozen", "follows"),
    "tip": ("field", "line", "both"),
    "subtotal": (True, False),
    "pending": ("single", "pair"),
    "settled": ("plain", "rows"),
    "both_states": ("partially_paid", "partially_refunded"),
    "owed": ("stated", "zero"),
}


def a_style(draw: Draw) -> Style:
    """One of the ways."""
    return Style(**{name: values[draw(len(values))] for name, values in _CHOICES.items()})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Setting:
    """One shop, one buyer."""

    market: Market = MARKETS[0]
    tax_rate: Fraction = Fraction(0)
    taxes_included: bool = False
    style: Style = Style()

    @property
    def coin(self) -> int:
        """Prices are multiples of it, so that every tax and every conversion is a whole number of coins."""
        return 60 * self.market.grain

    def tax_of(self, net: int) -> int:
        """The tax in, or on, a price."""
        tax = net * self.tax_rate / (1 + self.tax_rate) if self.taxes_included else net * self.tax_rate
        assert tax.denominator == 1
        return int(tax)


def a_setting(draw: Draw) -> Setting:
    """Any shop."""
    rate = (Fraction(0), Fraction(1, 5), Fraction(1, 4))[draw(3)]
    return Setting(MARKETS[draw(len(MARKETS))], rate, bool(draw(2)), a_style(draw))
