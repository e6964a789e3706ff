"""How much cashback an order deserves as it stands now, in minor units, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from plugin.rules.money import minor_digits
from plugin.rules.orders import basis, earning
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.programme import Programme
from plugin.rules.types import OrderView, Reason
from plugin.rules.worth import paid, worth_reasons


@dataclass(frozen=True, slots=True)
class Due:
    """What the whole order brings, and the reasons."""

    amount_minor: int
    reasons: tuple[Reason, ...]


def due(view: OrderView, programme: Programme, verdicts: Mapping[int, str], counts_from: datetime | None) -> Due:
    """A share of what of the order counts (`rules/basis`), after refunds; rounded down once, to a minor unit.

    A function of the order as it stands, so that it does not matter in which order things are heard of.
    """
    rules = programme.cashback
    if refused := _refusal(view, programme, counts_from):
        return Due(0, (Reason(refused),))
    found = basis.weigh(view, programme.basis, verdicts)
    rows = found.rows
    original, kept = sum(row.original_minor for row in rows), sum(row.kept_minor for row in rows)
    least = max(rules.minimum_order, programme.basis.minimum_order)
    if original < _minor(least, view.currency):
        return Due(0, (Reason("below_minimum", {"minimum": str(least), "currency": view.currency}),))
    share = Fraction(kept) * Fraction(rules.percent) / 100
    amount = share.numerator // share.denominator
    most = int(_minor(rules.maximum, view.currency))
    capped = min(amount, most) if most else amount
    why = worth_reasons.reasons(found.steps, view.currency)
    return Due(capped, (*why, *_why(view, rules, int(kept), capped, was_capped=capped < amount)))


def _refusal(view: OrderView, programme: Programme, counts_from: datetime | None) -> str:
    if not programme.cashback.enabled:
        return "cashback_off"
    if why := earning.refusal(view, programme, counts_from):
        return why
    return "" if paid.is_paid(view) else "awaiting_payment"


def _minor(amount: Decimal, currency: str) -> Fraction:
    return Fraction(amount) * Fraction(10 ** minor_digits(currency))


def _why(view: OrderView, rules: Cashback, kept: int, amount: int, *, was_capped: bool) -> tuple[Reason, ...]:
    values = {"amount_minor": kept, "currency": view.currency, "percent": str(rules.percent), "credit_minor": amount}
    return (Reason("cashback_capped" if was_capped else "cashback", values),)


def credited_at(view: OrderView, rules: Cashback) -> datetime:
    """When the credit is given: `after_days` after the order was processed."""
    return view.processed_at + timedelta(days=rules.after_days)
