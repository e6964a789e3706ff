"""What an order deserves, from the things and the cash that are in the boxes. No payload, nothing of the plugin's."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from tests.worth.boxes import Boxes
from tests.worth.setting import decimals


@dataclass(frozen=True)
class Terms:
    """What a shop promises for what."""

    points: int = 1
    per: int = 1
    """So many whole units of the currency."""
    rounding: str = "floor"
    tax: bool = False
    shipping: bool = False
    before_discounts: bool = False
    gift_cards_count: bool = True
    store_credit_counts: bool = True


@dataclass(frozen=True)
class Thing:
    """Something that the buyer holds: what it costs with tax, what of it earns, and whether it came later."""

    costs: Fraction
    earns: Fraction
    added: bool


def deserved(boxes: Boxes, terms: Terms) -> int:
    """Points."""
    value = worth(boxes, terms) * terms.points / (terms.per * 10 ** decimals(boxes.setting.market.currency))
    return {"floor": floor(value), "ceil": ceil(value), "half_up": floor(value + Fraction(1, 2))}[terms.rounding]


def worth(boxes: Boxes, terms: Terms) -> Fraction:
    """What earns of the order, in the smallest coins."""
    if boxes.deleted or boxes.cancelled or not boxes.ever_paid:
        return Fraction(0)
    return _paid_for(boxes, _things(boxes, terms)) * _share_that_counts(boxes, terms)


def _paid_for(boxes: Boxes, things: list[Thing]) -> Fraction:
    """What the things earn that are held and paid for: not those still open, and less what was given back for them."""
    open_money = Fraction(max(0, boxes.balance))
    things = _without_open(things, open_money)
    holds = sum((one.costs for one in things), Fraction(0))
    money = boxes.received - boxes.returned + _balancing(boxes) - boxes.tips_kept
    kept = sum((one.earns for one in things), Fraction(0))
    if not holds or money <= 0:
        return Fraction(0)
    return kept * min(Fraction(1), Fraction(money) / holds)


def goods_gone(boxes: Boxes) -> Fraction:
    """Of an order to which nothing was added: the share of all goods that left, or that money went back for.

    Whether they earn or not; each at its price, without a tax that comes on top.
    """
    included = boxes.setting.taxes_included
    things = _things(boxes, Terms(tax=included))
    goods = [one for one in boxes.lines if one.kind != "tip"]
    unit = {one.id: Fraction(one.net) for one in goods}
    bought = sum((one.placed * unit[one.id] for one in goods), Fraction(0))
    held = sum((one.kept * unit[one.id] for one in goods), Fraction(0))
    costs = sum((one.costs for one in things), Fraction(0))
    money = boxes.received - boxes.returned + _balancing(boxes) - boxes.tips_kept
    left = held * min(Fraction(1), Fraction(max(0, money)) / costs) if costs else Fraction(0)
    return 1 - left / bought


def _without_open(things: list[Thing], open_money: Fraction) -> list[Thing]:
    """Open money is taken off what came later: off what earns nothing first, then evenly off the rest."""
    for group in ([one for one in things if one.added and not one.earns],
                  [one for one in things if one.added and one.earns], things):  # fmt: skip
        costs = sum((one.costs for one in group), Fraction(0))
        taken = min(open_money, costs)
        if taken:
            left = 1 - taken / costs
            changed = [Thing(one.costs * left, one.earns * left, one.added) for one in group]
            things = [one for one in things if not any(one is other for other in group)] + changed
            open_money -= taken
    return things


def _things(boxes: Boxes, terms: Terms) -> list[Thing]:
    included = boxes.setting.taxes_included
    things = []
    for line in boxes.lines:
        if line.kind == "tip":
            continue
        unit = 0
        if line.kind == "goods":
            unit = (line.list_price if terms.before_discounts else line.net) - (line.tax if included else 0)
            unit += line.tax if terms.tax else 0
        for units, added in ((line.kept - line.later, False), (line.later, True)):
            things.append(Thing(Fraction(units * boxes.gross(line)), Fraction(units * unit), added))
    things += _shipping(boxes, terms)
    things += [Thing(Fraction(charge.kept), Fraction(0), False) for charge in (boxes.duties, boxes.fees)]
    return [one for one in things if one.costs]


def _shipping(boxes: Boxes, terms: Terms) -> list[Thing]:
    """Shipping as one thing: what replaces a parcel that was paid came later only as far as it costs more."""
    costs, earns = Fraction(0), Fraction(0)
    for parcel in boxes.parcels:
        costs += boxes.gross_of_parcel(parcel)
        net = parcel.kept - (parcel.kept_tax if boxes.setting.taxes_included else 0)
        earns += (net + (parcel.kept_tax if terms.tax else 0)) if terms.shipping else 0
    if not costs:
        return []
    later = min(Fraction(1), max(0, boxes.shipping_grown) / costs)
    return [Thing(costs * part, earns * part, added) for part, added in ((1 - later, False), (later, True))]


def _balancing(boxes: Boxes) -> int:
    """Rounding cents that went back too many; below zero, too few: at most one for each line that was refunded."""
    cents, most, included = 0, 0, boxes.setting.taxes_included
    for refund in boxes.refunds:
        most += len(refund.lines)
        if refund.balancing and refund.moved():
            cents += refund.moved() - refund.named(included)
    return max(-most, min(most, cents))


def _share_that_counts(boxes: Boxes, terms: Terms) -> Fraction:
    """Of the money that stayed, what came by a tender that counts; what went another way went evenly."""
    not_counted = {"gift_card": terms.gift_cards_count, "shopify_store_credit": terms.store_credit_counts}
    by_tender: dict[str, int] = {}
    for one in boxes.paid:
        if one.status == "success":
            by_tender[one.gateway] = by_tender.get(one.gateway, 0) + one.amount
    for refund in boxes.refunds:
        for one in refund.cash:
            if one.status == "success" and not one.through:
                by_tender[one.gateway] -= one.amount
    whole = sum(by_tender.values())
    counted = sum(amount for gateway, amount in by_tender.items() if not_counted.get(gateway, True))
    return Fraction(counted, whole) if whole else Fraction(1)
