"""How many points of a redemption come back for what was refunded of the order that used it."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from plugin.rules.orders.basis import eligible
from plugin.rules.points.lots import Draw
from plugin.rules.programme import Basis
from plugin.rules.rewards.reward_settings import Back
from plugin.rules.types import OrderView
from plugin.rules.worth.worth import bought_share


def refunded_share(view: OrderView) -> Fraction:
    """The part of the goods that was refunded, or removed by an edit: 0 to 1, whatever order refunds come in.

    What was added, and paid with what left or not at all, was not bought beside the rest: an exchange gives nothing
    back. Of an order that cost nothing, by the prices before discounts.
    """
    tips = {line.id: "tip" for line in view.lines if line.tip}
    for basis in (Basis(tax=view.taxes_included), Basis(tax=view.taxes_included, before_discounts=True)):
        lines = eligible(view, basis, tips)
        if bought := sum((Fraction(line.original_minor) for line in lines), Fraction(0)):
            kept = sum((Fraction(line.kept_minor) for line in lines), Fraction(0))
            bought *= bought_share(view)
            return min(Fraction(1), max(Fraction(0), 1 - kept / bought)) if bought else Fraction(0)
    return Fraction(0)


def points_back(points: int, back: Back, view: OrderView | None, *, lost: bool) -> int:
    """What comes back of the points: a target, so that several refunds add up. Rounded down."""
    if back == "none":
        return 0
    if lost:
        return points
    return floor(points * refunded_share(view)) if back == "proportional" and view is not None else 0


def back_of(stored: object) -> Back:
    """The setting as a redemption's terms have it; old ones say yes or no, or nothing."""
    if stored in ("none", "proportional"):
        return "none" if stored == "none" else "proportional"
    return "none" if stored is False else "full"


def last_drawn_first(draws: tuple[Draw, ...], points: int) -> tuple[Draw, ...]:
    """As many of the draws as make up the points, from the first on, the last one in part."""
    found = []
    for draw in draws:
        part = min(draw.points, points)
        if part > 0:
            found.append(Draw(draw.lot_id, part))
            points -= part
    return tuple(found)
