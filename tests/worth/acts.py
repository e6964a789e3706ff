"""What buyers and staff do to an order: pay, edit, return, pay back, exchange, cancel, re-open, delete.

Every act changes the boxes and says which topics Shopify would send.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.worth.boxes import Cash, Line, Parcel
from tests.worth.till import Happened, Till

GATEWAYS = ("shopify_payments", "gift_card", "shopify_store_credit", "manual")


class Hands(Till):
    """Somebody who acts, with dice for what."""

    def act(self) -> Happened:
        """One of the acts that are possible now."""
        can = [act for act in self._acts() if act[1]]
        self.hour += 1
        if not can:
            return Happened("nothing happens")
        happened = can[self.draw(len(can))][0]()
        self.boxes.settle()
        return happened

    def _acts(self) -> list[tuple[Callable[[], Happened], bool]]:
        boxes, available = self.boxes, sum(self.boxes.left_by_tender.values())
        if boxes.deleted:
            return [(self.revive, True)]
        if boxes.cancelled:
            return [(self.reopen, True), (self.delete, True)]
        paid, owing = boxes.ever_paid, boxes.balance
        some = [line for line in boxes.lines if line.kept and line.kind != "tip"]
        grow = (paid or not boxes.received) and not (self.certain and owing < 0 and boxes.gave_more)
        return [
            (self.pay, owing > 0),
            (self.deposit, not paid and not boxes.received and owing > self.grain and not boxes.edited),
            (self.pay_part, paid and owing > self.grain),
            (self.remove, bool(self._removable())),
            (self.add_line, grow),
            (self.add_units, grow and any(one.list_price == one.net for one in some)),
            (self.exchange, paid and bool(self._removable()) and not (self.certain and boxes.gave_more)),
            (
                self.ship_otherwise,
                grow and not (self.certain and boxes.gave_more and boxes.parcels),
            ),
            (self.return_units, paid and bool(self.returnable())),
            (self.refund_lines, paid and bool(self.returnable()) and available > 0),
            (self.refund_owed, paid and owing < 0 and available >= -owing),
            (self.refund_amount, paid and available >= self.grain),
            (self.refund_shipping, paid and bool(self.refundable_parcels()) and available > 0),
            (self.refund_charge, paid and available > 0 and bool(boxes.duties.kept or boxes.fees.kept)),
            (self.refund_tip, paid and available > 0 and bool(self.tip_line())),
            (self.settle, bool(self.pending())),
            (self.refund_all, paid and available > 0 and owing <= 0),
            (self.cancel, self.draw(4) == 3),
            (self.delete, self.draw(8) == 7),
        ]

    # money in

    def _take(self, amount: int) -> None:
        gateway = GATEWAYS[self.draw(len(GATEWAYS))]
        if self.draw(3) == 2 and amount > self.grain:
            first = self.part(amount - self.grain)
            self.boxes.paid.append(Cash(self.id(), "gift_card", first))
            amount -= first
        self.boxes.paid.append(Cash(self.id(), gateway, amount))

    def pay(self) -> Happened:
        """All that is open."""
        amount = self.boxes.balance
        self._take(amount)
        return Happened(f"{amount} paid", ("orders/paid", "orders/updated"))

    def deposit(self) -> Happened:
        """Some of a new order."""
        amount = self.part(self.boxes.balance - self.grain)
        self._take(amount)
        return Happened(f"a deposit of {amount}")

    def pay_part(self) -> Happened:
        """Some of what was added."""
        amount = self.part(self.boxes.balance - self.grain)
        self._take(amount)
        return Happened(f"{amount} of the addition paid")

    # edits

    def _leaves(self) -> None:
        self.boxes.edited = True
        self.boxes.murky |= self.boxes.balance > 0 or not self.boxes.ever_paid

    def _comes(self) -> None:
        self.boxes.edited = True
        self.boxes.murky |= self.boxes.balance < 0

    def _some(self) -> Line:
        some = self._removable()
        return some[self.draw(len(some))]

    def _removable(self) -> list[Line]:
        return [line for line in self.boxes.lines if line.kept and line.kind != "tip"]

    def remove(self) -> Happened:
        """Units leave with an edit; what they cost is not open any more, or owed."""
        line = self._some()
        units = 1 + self.draw(line.kept)
        self._leaves()
        line.removed += units
        return Happened(f"{units} of line {line.id} removed", _EDITED, removals=[(line.id, units)])

    def new_line(self, kind: str, units: int, *, placed: bool) -> Line:
        """So many units of something."""
        setting = self.boxes.setting
        net = setting.coin * (1 + self.draw(30))
        off = setting.coin * self.draw(4) if placed and kind != "tip" else 0
        tax = setting.tax_of(net) if kind in ("goods", "excluded") else 0
        line = Line(self.id(), kind, net + off, net, tax, units if placed else 0, 0 if placed else units)
        self.boxes.lines.append(line)
        return line

    def add_line(self) -> Happened:
        """Something new comes onto the order, open until it is paid."""
        self._comes()
        line = self.new_line(("goods", "gift_card", "excluded")[self.draw(3)], 1 + self.draw(2), placed=False)
        words = f"{line.added} × {line.kind} at {line.net} added as line {line.id}"
        return Happened(words, _EDITED, additions=[(line.id, line.added)])

    def add_units(self) -> Happened:
        """More of what is there."""
        some = [one for one in self.boxes.lines if one.kept and one.kind != "tip" and one.list_price == one.net]
        line = some[self.draw(len(some))]
        self._comes()
        line.added += 1
        return Happened(f"one more of line {line.id}", _EDITED, additions=[(line.id, 1)])

    def exchange(self) -> Happened:
        """Something goes, something else comes; the difference is open or owed."""
        gone, came = self.remove(), self.add_line()
        return Happened(f"{gone.words}, {came.words}", _EDITED, None, came.additions, gone.removals)

    def ship_otherwise(self) -> Happened:
        """Another way of sending in the place of the present one, or none."""
        boxes = self.boxes
        before = [one for one in boxes.parcels if not one.removed and one.kept == one.net and one.kept_tax == one.tax]
        words = []
        for parcel in before:
            self._leaves()
            boxes.shipping_grown -= boxes.gross_of_parcel(parcel)
            parcel.removed = True
            words.append(f"shipping {parcel.net} removed")
        if self.draw(3) or not before:
            self._comes()
            parcel = self.new_parcel(placed=False)
            boxes.shipping_grown += boxes.gross_of_parcel(parcel)
            words.append(f"shipping {parcel.net} added")
        return Happened(", ".join(words), _EDITED)

    def new_parcel(self, *, placed: bool) -> Parcel:
        """A way of sending."""
        setting = self.boxes.setting
        net = 2 * setting.coin * (1 + self.draw(5))
        parcel = Parcel(self.id(), net, net, setting.tax_of(net), placed)
        self.boxes.parcels.append(parcel)
        return parcel

    # the whole order

    def cancel(self) -> Happened:
        """With the money back, or not."""
        happened = Happened("cancelled", ("orders/cancelled", "orders/updated"))
        available = sum(self.boxes.left_by_tender.values())
        if available and self.boxes.balance <= 0 and self.draw(2):
            back = self.refund_all()
            happened = Happened(f"cancelled, {back.words}", ("refunds/create", *happened.topics), back.refund)
        self.boxes.cancelled = True
        return happened

    def reopen(self) -> Happened:
        """The cancellation is taken back."""
        self.boxes.cancelled = False
        return Happened("re-opened")

    def delete(self) -> Happened:
        """Gone, for all that anybody knows."""
        self.boxes.deleted = True
        return Happened("deleted", ("orders/delete",))

    def revive(self) -> Happened:
        """It is there after all."""
        self.boxes.deleted = False
        return Happened("seen again")


_EDITED = ("orders/edited", "orders/updated")


def place(hands: Hands) -> Happened:
    """A new order, not paid so far."""
    draw, boxes = hands.draw, hands.boxes
    hands.new_line("goods", 1 + draw(3), placed=True)
    for _ in range(draw(3)):
        hands.new_line(("goods", "goods", "excluded", "gift_card")[draw(4)], 1 + draw(3), placed=True)
    if draw(2):
        hands.new_parcel(placed=True)
    coin = boxes.setting.coin
    boxes.duties.amount = coin * draw(5) if draw(4) == 3 else 0
    boxes.fees.amount = coin * draw(3) if draw(6) == 5 else 0
    if draw(4) == 3:
        hands.new_line("tip", 1, placed=True)
    goods = ", ".join(f"{one.placed} × {one.kind} at {one.net}" for one in boxes.lines)
    words = f"placed: {goods}; shipping {[one.net for one in boxes.parcels]}; duties {boxes.duties.amount}"
    return Happened(words, ("orders/create",))
