"""How an order was paid, and which part of it with tender that counts."""

from __future__ import annotations

from fractions import Fraction

from plugin.rules.programme import Basis
from plugin.rules.types import OrderView
from plugin.rules.worth.kept import Amount

GIFT_CARD, STORE_CREDIT = "gift_card", "shopify_store_credit"


def counted_share(view: OrderView, basis: Basis) -> Amount:
    """The part of the money that the shop still has which came by tender that counts.

    By successful payments less refunds to the same gateway; refunds to one that is not known take from every
    gateway in proportion. When nothing is left, by what came in.
    """
    uncounted = _uncounted(basis)
    if not uncounted:
        return 1
    left = _left(view)
    return 1 - Fraction(sum(left.get(name, Fraction(0)) for name in uncounted), 1) / sum(left.values()) if left else 1


def _left(view: OrderView) -> dict[str, Fraction]:
    """What is left by gateway. What went back to an unknown one took of each its share, which changes no share."""
    came = {name: Fraction(amount) for name, amount in (view.tenders_minor or {}).items() if amount > 0}
    left, unknown = dict(came), Fraction(0)
    for refund in view.refunds:
        for one in refund.moved or ():
            amount = Fraction(one.minor)
            if one.currency not in ("", refund.currency or view.currency):
                amount = amount * view.rate[0] / view.rate[1] if view.rate else Fraction(0)
            if one.gateway in left:
                amount -= (taken := min(amount, left[one.gateway]))
                left[one.gateway] -= taken
            unknown += amount
    return came if sum(left.values()) <= unknown else left


def _uncounted(basis: Basis) -> list[str]:
    gift = [] if basis.paid_by_gift_card else [GIFT_CARD]
    return gift if basis.paid_by_store_credit else [*gift, STORE_CREDIT]


def uncounted_tender_minor(view: OrderView, basis: Basis) -> int:
    """How much was paid with gift cards or store credit that the basis leaves out."""
    return sum((view.tenders_minor or {}).get(name, 0) for name in _uncounted(basis))


def tenders_needed(view: OrderView, basis: Basis) -> bool:
    """Whether amounts by gateway must be asked for before the order can be judged."""
    if view.tenders_minor is not None:
        return False
    return any(name in view.gateways for name in _uncounted(basis))
