"""What an order deserves, and the difference to what it has been given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from plugin.rules.basis import Amount, Eligible, eligible, exclusions
from plugin.rules.money import minor_digits
from plugin.rules.programme import Programme, Rounding
from plugin.rules.types import OrderView, ProductFacts, Reason

PAID = frozenset({"paid", "partially_refunded"})
UNPAID = frozenset({"pending", "authorized", "partially_paid"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an order is judged by for good: the programme version, each line's verdict, and the tier in
    which the member stood when the order was placed (None: not known yet, "": none)."""

    version: int
    verdicts: Mapping[int, str] = field(default_factory=dict)
    tier: str | None = None
    multiplier: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Deserved:
    """Points the whole order deserves now, and why, line by line; `counted_minor` is what tiers count."""

    points: int
    reasons: tuple[Reason, ...]
    snapshot: Snapshot
    counted_minor: int = 0


def round_points(amount: Amount, rounding: Rounding) -> int:
    """A non-negative amount as whole points: down, half up, or up."""
    if rounding == "floor":
        return amount.numerator // amount.denominator
    if rounding == "ceil":
        return -(-amount.numerator // amount.denominator)
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def refusal(view: OrderView, programme: Programme, counts_from: datetime | None) -> str:
    """Why the order as a whole earns nothing, as a code; empty when it earns."""
    if view.cancelled_at is not None:
        return "cancelled"
    if view.test and not programme.basis.test_orders:
        return "test_order"
    if counts_from is not None and view.created_at < counts_from:
        return "before_programme"
    if view.buyer.customer_id is None:
        if not view.buyer.email:
            return "no_customer"
        if not programme.basis.guests:
            return "guest"
    return _payment_refusal(view.financial_status, programme.earning.award_on)


def _payment_refusal(status: str, award_on: str) -> str:
    if status in PAID:
        return ""
    if status in UNPAID:
        return "" if award_on == "created" else "awaiting_payment"
    return "refunded" if status == "refunded" else "not_paid"


def deserved(
    view: OrderView,
    programme: Programme,
    snapshot: Snapshot,
    facts: Mapping[int, ProductFacts],
    counts_from: datetime | None = None,
) -> Deserved:
    """The points of the whole order as it stands, by the rules it was first judged by.

    Rounds once per order. The snapshot returned holds the verdict on every line, so that a later
    change of a product's tags, or of the programme, changes nothing for this order.
    """
    verdicts = exclusions(view, programme.basis, facts, snapshot.verdicts)
    kept = replace(snapshot, verdicts=verdicts)
    if why := refusal(view, programme, counts_from):
        return Deserved(0, (Reason(why),), kept)
    rows = eligible(view, programme.basis, verdicts)
    return _points(view, programme, rows, kept)


def _points(view: OrderView, programme: Programme, rows: tuple[Eligible, ...], kept: Snapshot) -> Deserved:
    amount = sum(row.kept_minor for row in rows)
    original = sum(row.original_minor for row in rows)
    notes = tuple(_excluded(row) for row in rows if row.excluded_because)
    if original < _minimum(programme, view.currency):
        return Deserved(0, (*notes, Reason("below_minimum", {"minimum": str(programme.basis.minimum_order)})), kept)
    rate = programme.earning.points_per_minor(view.currency) * Fraction(kept.multiplier)
    points = round_points(amount * rate, programme.earning.rounding)
    why = (*notes, *_tier(programme, kept), _sum(view, programme, amount, original, points))
    return Deserved(points, why, kept, int(amount))


def _tier(programme: Programme, kept: Snapshot) -> tuple[Reason, ...]:
    if kept.multiplier == 1:
        return ()
    tier = programme.tiers.named(kept.tier or "")
    return (Reason("tier_multiplier", {"tier": tier.name if tier else kept.tier, "multiplier": str(kept.multiplier)}),)


def _minimum(programme: Programme, currency: str) -> Amount:
    amount = programme.basis.minimum_order
    return Fraction(amount) * 10 ** minor_digits(currency) if amount else 0


def _excluded(row: Eligible) -> Reason:
    return Reason("line_excluded", {"title": row.title, "because": row.excluded_because, "line": row.line_id})


def _sum(view: OrderView, programme: Programme, amount: Amount, original: Amount, points: int) -> Reason:
    values: dict[str, object] = {
        "amount_minor": int(amount),
        "currency": view.currency,
        "points": points,
        "rate_points": programme.earning.points,
        "rate_amount": str(programme.earning.per_amount),
        "rounding": programme.earning.rounding,
    }
    if amount != original:
        values["original_minor"] = int(original)
    return Reason("eligible", values)


def available_at(view: OrderView, programme: Programme) -> datetime:
    """When the order's points become spendable: `pending_days` after it was processed."""
    return view.processed_at + timedelta(days=programme.earning.pending_days)
