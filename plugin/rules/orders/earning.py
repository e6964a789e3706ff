"""What an order deserves, and the difference to what it has been given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from plugin.rules.money import MAX_MINOR, minor_digits
from plugin.rules.orders import order_rules
from plugin.rules.orders.basis import Amount, Eligible, Weighed, exclusions, weigh, whole_minor
from plugin.rules.orders.earning_rules import fraction
from plugin.rules.programme import Programme, Rounding
from plugin.rules.types import NOTHING_KNOWN, Known, OrderView, ProductFacts, Reason
from plugin.rules.values.quick import quickly_made
from plugin.rules.worth import worth_reasons
from plugin.rules.worth.paid import UNPAID, is_paid

MOST_POINTS = MAX_MINOR
"""Of one order: so that no balance of many leaves 64 bits, whatever rates and multipliers say."""


AWAY, PAUSED, BEFORE_LAUNCH = "away", "placed_while_paused", "before_launch"


@quickly_made
@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an order is judged by for good: the programme version, each line's verdict, and the tier in
    which the member stood when the order was placed (None: not known yet, "": none).

    `about` are the keys of the rules that each line is picked by; `welcome` those that the buyer's tags are
    (None: not known yet). `by_created`: it was judged when an order's day was `created_at`, and stays counted by it.
    `brought`: the run over past orders that counts it, though it was placed before orders counted (0: none).
    `away`: it was placed while its buyer was out of the programme by their own wish. `paused`: while the shop had
    earning paused. `tried`: it was a test member's, before the launch, and counts though orders did not count yet.
    What else decides follows from the order and the version, which never change."""

    version: int
    verdicts: Mapping[int, str] = field(default_factory=dict)
    tier: str | None = None
    multiplier: Decimal = Decimal(1)
    about: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    welcome: tuple[str, ...] | None = None
    by_created: bool = False
    away: bool = False
    paused: bool = False
    tried: bool = False
    brought: int = 0

    @property
    def kept_out(self) -> str:
        """Why the order never earns, whatever else is true of it, as a code; empty when it may."""
        return AWAY if self.away else PAUSED if self.paused else ""

    def counted_from(self, view: OrderView, counts_from: datetime) -> datetime | None:
        """From when orders count for this one; None if it counted before, by the day Shopify got to know of it, for a
        test member, or because staff had past orders counted."""
        return (
            None if self.tried or self.brought or (self.by_created and view.created_at >= counts_from) else counts_from
        )


@dataclass(frozen=True, slots=True)
class Deserved:
    """Points the whole order deserves now, and why, line by line; `counted_minor` is what tiers count."""

    points: int
    reasons: tuple[Reason, ...]
    snapshot: Snapshot
    counted_minor: int = 0


def round_points(amount: Amount, rounding: Rounding) -> int:
    """A non-negative amount as whole points: down, half up, or up; never more than MOST_POINTS."""
    if rounding == "floor":
        points = amount.numerator // amount.denominator
    elif rounding == "ceil":
        points = -(-amount.numerator // amount.denominator)
    else:
        points = (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
    return min(points, MOST_POINTS)


def refusal(view: OrderView, programme: Programme, counts_from: datetime | None) -> str:
    """Why the order as a whole earns nothing, as a code; empty when it earns."""
    if view.cancelled_at is not None:
        return "cancelled"
    if view.test and not programme.basis.test_orders:
        return "test_order"
    if counts_from is not None and view.placed_at < counts_from:
        return "before_programme"
    if view.buyer.customer_id is None:
        if not view.buyer.email:
            return "no_customer"
        if not programme.basis.guests:
            return "guest"
    if view.discount_codes and not programme.orders.code_percent:
        return "code_used"
    return _payment_refusal(view, programme.earning.award_on)


def _payment_refusal(view: OrderView, award_on: str) -> str:
    """An order that was paid and then grew is judged by what is paid of it."""
    status = view.financial_status
    if is_paid(view):
        return "awaiting_fulfilment" if award_on == "fulfilled" and view.fulfilled_at is None else ""
    if status in UNPAID:
        return "" if award_on == "created" else "awaiting_payment"
    return "refunded" if status == "refunded" else "not_paid"


def deserved(
    view: OrderView,
    programme: Programme,
    snapshot: Snapshot,
    facts: Mapping[int, ProductFacts],
    counts_from: datetime | None = None,
    known: Known = NOTHING_KNOWN,
) -> Deserved:
    """The points of the whole order as it stands, by the rules it was first judged by.

    Rounds once per order. The snapshot returned holds the verdict on every line, so that a later
    change of a product's tags, or of the programme, changes nothing for this order.
    """
    verdicts = exclusions(view, programme.basis, facts, snapshot.verdicts)
    kept = snapshot if verdicts == snapshot.verdicts else replace(snapshot, verdicts=verdicts)
    if not programme.orders.plain:
        kept = _judged(view, programme, snapshot, kept, facts, known)
    if why := snapshot.kept_out or refusal(view, programme, counts_from):
        return Deserved(0, (Reason(why),), kept)
    found = _points(view, programme, weighed(view, programme, kept.verdicts), kept, known.zone)
    most = programme.orders.most_points
    return found if most is None or found.points <= most else _at_most(most, found)


def _at_most(most: int, found: Deserved) -> Deserved:
    values = {"limit": most, "points": most, "before": found.points}
    return replace(found, points=most, reasons=(*found.reasons, Reason("limited_points_order", values)))


def weighed(view: OrderView, programme: Programme, verdicts: Mapping[int, str]) -> Weighed:
    """What of the order counts, by what the programme waits for."""
    return weigh(view, programme.basis, verdicts, at_once=programme.earning.award_on == "created")


def _judged(
    view: OrderView,
    programme: Programme,
    before: Snapshot,
    kept: Snapshot,
    facts: Mapping[int, ProductFacts],
    known: Known,
) -> Snapshot:
    """With what the order rules say of lines that had no verdict yet, and of the buyer."""
    orders = programme.orders
    fresh = {
        line.id: order_rules.excluded(line, orders, known)
        for line in view.lines
        if line.id not in before.verdicts and not kept.verdicts[line.id]
    }
    welcome = kept.welcome
    if welcome is None and known.customer_tags is not None:
        welcome = order_rules.welcomes(orders, known.customer_tags)
    about = order_rules.matched(view, orders, facts, known, kept.about)
    return replace(kept, verdicts={**kept.verdicts, **fresh}, about=about, welcome=welcome)


def _points(view: OrderView, programme: Programme, found: Weighed, kept: Snapshot, zone: str) -> Deserved:
    rows = found.rows
    amount = sum(row.kept_minor for row in rows)
    original = sum(row.original_minor for row in rows)
    notes = tuple(_excluded(row) for row in rows if row.excluded_because)
    notes += worth_reasons.reasons(found.steps, view.currency)
    if original < _minimum(programme, view.currency):
        return Deserved(0, (*notes, Reason("below_minimum", {"minimum": str(programme.basis.minimum_order)})), kept)
    if not programme.orders.plain:
        return _by_rules(view, programme, rows, kept, zone, notes)
    rate = programme.earning.points_per_minor(view.currency)
    if kept.multiplier != 1:
        rate *= fraction(kept.multiplier)
    points = round_points(amount * rate, programme.earning.rounding)
    why = (*notes, *_tier(programme, kept), _sum(view, programme, amount, original, points))
    return Deserved(points, why, kept, int(amount))


def _by_rules(
    view: OrderView,
    programme: Programme,
    rows: tuple[Eligible, ...],
    kept: Snapshot,
    zone: str,
    notes: tuple[Reason, ...],
) -> Deserved:
    """The same with rules: what the lines earn times the tier, with the extra points, less for a code; rounded once."""
    found = order_rules.earned(view, programme, rows, kept.about, kept.welcome or (), kept.tier or "", zone)
    exact = found.lines * fraction(kept.multiplier) + found.extra
    why = (*notes, *found.reasons, *_tier(programme, kept))
    if view.discount_codes and programme.orders.code_percent != 100:
        exact *= Fraction(programme.orders.code_percent, 100)
        why = (*why, Reason("code_percent", {"percent": programme.orders.code_percent}))
    if found.base and len(why) > len(notes):
        why = (*notes, found.base, *why[len(notes) :])
    points = round_points(exact, programme.earning.rounding)
    amount, original = sum(row.kept_minor for row in rows), sum(row.original_minor for row in rows)
    total = _sum(view, programme, amount, original, points)
    code = "together" if len(why) > len(notes) else total.code
    return Deserved(points, (*why, Reason(code, total.values)), kept, int(amount))


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
        "amount_minor": whole_minor(amount),
        "currency": view.currency,
        "points": points,
        "rate_points": programme.earning.points,
        "rate_amount": str(programme.earning.per_amount),
        "rounding": programme.earning.rounding,
    }
    if amount != original:
        values["original_minor"] = whole_minor(original)
    return Reason("eligible", values)


def available_at(view: OrderView, programme: Programme) -> datetime:
    """When the order's points become spendable: `pending_days` after it was processed, or was sent."""
    sent = view.fulfilled_at if programme.earning.award_on == "fulfilled" else None
    return (sent or view.processed_at) + timedelta(days=programme.earning.pending_days)
