"""What reports know of one order: whether it counts, on which day, what of it is kept, and what our codes took off.

Reports ask for no programme's rules: what counts is fixed, and its money is what the order is still worth by the one
valuation (`orders/basis.py`): kept goods after discounts, without tax, shipping, tips and gift cards. A refund falls
on the order's day. Source of the definitions: docs/decisions/0034.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from plugin.rules.orders.basis import Amount, exclusion, kept_minor, whole_minor
from plugin.rules.programme import Basis
from plugin.rules.types import Line, OrderView
from plugin.rules.values.quick import quickly_made
from plugin.rules.worth.kept import bought_units, parts
from plugin.rules.worth.paid import UNPAID
from plugin.rules.worth.worth import untouched, worth

REPORTED: Final = Basis(
    tax=False, shipping=False, before_discounts=False, paid_by_gift_card=True, paid_by_store_credit=True
)
"""What of an order reports count, whatever a programme's own basis says."""
BEFORE_DISCOUNTS: Final = REPORTED.model_copy(update={"before_discounts": True})
COUNTED: Final = frozenset({"paid", "partially_paid", "partially_refunded"})


@dataclass(frozen=True, slots=True)
class Item:
    """What is kept of one product of an order that counts; money as in the order's fact."""

    product_id: int
    quantity: int
    net_minor: int


@quickly_made
@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order, in minor units of `currency`. What does not count has no money and no items.

    `why_not`: deleted, test, cancelled, refunded, not_paid, nothing_kept; empty where it counts. `gross_minor`: the
    kept goods before discounts; `reward_discount_minor`: what codes of ours took off them, both without tax.
    """

    order_id: int
    day: date
    why_not: str
    currency: str
    net_minor: int = 0
    gross_minor: int = 0
    reward_discount_minor: int = 0
    source: str = ""
    subscription: bool | None = None
    country: str = ""
    region: str = ""
    items: tuple[Item, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether reports count the order."""
        return not self.why_not


def fact_of(
    view: OrderView, zone: ZoneInfo, *, deleted: bool = False, at_once: bool = False, ours: Collection[str] = ()
) -> OrderFact:
    """The order as reports know it.

    `at_once`: its programme awards on creation, so that it counts before it is paid. `ours`: the codes that we made,
    in capital letters. Half a minor unit and more counts as one, once for the order and once for each product.
    """
    held = _kept_goods(view, at_once=at_once)
    why_not = _why_not(view, held, deleted=deleted, at_once=at_once)
    net, gross, off, items = (0, 0, 0, ()) if why_not else _value(view, held, ours, at_once=at_once)
    whereto = view.whereto
    return OrderFact(
        view.order_id, view.placed_at.astimezone(zone).date(), why_not, view.currency, net, gross, off, view.source,
        view.subscription, whereto.country if whereto else "", whereto.region if whereto else "", items,
    )  # fmt: skip


def _why_not(view: OrderView, held: Mapping[int, int], *, deleted: bool, at_once: bool) -> str:
    if deleted:
        return "deleted"
    if view.test:
        return "test"
    if view.cancelled_at is not None:
        return "cancelled"
    status = view.financial_status
    if status not in COUNTED and not (at_once and status in UNPAID):
        return "refunded" if status == "refunded" else "not_paid"
    return "" if any(held.values()) else "nothing_kept"


def _is_good(line: Line) -> bool:
    return not line.gift_card and not line.tip


def _kept_goods(view: OrderView, *, at_once: bool) -> Mapping[int, int]:
    """Units kept of each line that is neither a gift card nor a tip."""
    goods = {line.id: bought_units(line) for line in view.lines if _is_good(line)}
    if untouched(view):
        return goods
    if view.reading == 1:
        return {part.id: part.held for part in parts(view) if part.id in goods}
    held = worth(view, frozenset(goods), at_once=at_once).held
    return {key: held[key] for key in goods}


def _value(
    view: OrderView, held: Mapping[int, int], ours: Collection[str], *, at_once: bool
) -> tuple[int, int, int, tuple[Item, ...]]:
    """Net and gross of what is kept, what our codes took off it, and the products."""
    verdicts = {line.id: exclusion(line, REPORTED, {}) for line in view.lines}
    shares = kept_minor(view, REPORTED, verdicts, at_once=at_once)
    net_minor = gross_minor = whole_minor(sum(shares.values()))
    off_minor = 0
    if any(line.discount_minor for line in view.lines):
        gross = sum(kept_minor(view, BEFORE_DISCOUNTS, verdicts, at_once=at_once).values())
        gross_minor = whole_minor(gross)
        off_minor = min(_reward_discount(view, gross, ours), max(0, gross_minor - net_minor))
    return net_minor, gross_minor, off_minor, _items(view, held, shares)


def _reward_discount(view: OrderView, gross: Amount, ours: Collection[str]) -> int:
    """What our codes took off the goods, in the same proportion as what is left of these before discounts."""
    off = sum(took for code, took in (view.codes_minor or {}).items() if code.upper() in ours)
    bought = sum(line.price_minor * bought_units(line) for line in view.lines if _is_good(line)) if off else 0
    return whole_minor(Fraction(off * gross) / bought) if bought > 0 else 0


def _items(view: OrderView, held: Mapping[int, int], shares: Mapping[int, Amount]) -> tuple[Item, ...]:
    units: dict[int, int] = {}
    money: dict[int, Amount] = {}
    for line in view.lines:
        if line.product_id is not None and held.get(line.id):
            units[line.product_id] = units.get(line.product_id, 0) + held[line.id]
            money[line.product_id] = money.get(line.product_id, 0) + shares[line.id]
    return tuple(Item(key, units[key], whole_minor(money[key])) for key in sorted(units))
