"""Acts by hand, for the worked cases: one order whose boxes are filled in plain amounts of the shop's currency."""

from __future__ import annotations

from fractions import Fraction

from tests.worth.acts import Hands
from tests.worth.boxes import Boxes, Cash, Charge, GivenBack, Line, Parcel
from tests.worth.history import History, Step, told
from tests.worth.setting import MARKETS, Market, Setting, Style
from tests.worth.till import Happened

PLAIN = Style()
DOLLARS, DOLLARS_FOR_YEN = MARKETS[0], MARKETS[3]
EDITED = ("orders/edited", "orders/updated")


class Script:
    """What happened, step by step; amounts are in whole units, or parts of them, of the shop's currency."""

    def __init__(self, *lines: tuple[str, float, int], shipping: float = 0, duties: float = 0, fees: float = 0,
                 tip: float = 0, tax: Fraction = Fraction(0), included: bool = False, market: Market = DOLLARS,
                 style: Style = PLAIN, off: float = 0) -> None:  # fmt: skip
        self.boxes = Boxes(Setting(market, tax, included, style))
        self.hands = Hands(self.boxes, lambda _: 0)
        self.lines: dict[str, Line] = {}
        self.steps: list[Step] = []
        for name, price, units in lines:
            self._line(name, price, units, off=off).placed = units
        if shipping:
            self._parcel(shipping, placed=True)
        self.boxes.duties, self.boxes.fees = Charge(self._minor(duties)), Charge(self._minor(fees))
        if tip:
            self._line("tip", tip, 1).placed = 1
        self._told(Happened("placed", ("orders/create",)))

    def _minor(self, amount: float) -> int:
        return round(amount * 100)

    def _line(self, name: str, price: float, units: int, off: float = 0) -> Line:
        """The name says what it is: a gift card, a tip, something excluded, or else goods."""
        kind = next((one for one in ("gift_card", "excluded", "tip") if name.startswith(one)), "goods")
        net = self._minor(price)
        tax = self.boxes.setting.tax_of(net) if kind in ("goods", "excluded") else 0
        line = Line(self.hands.id(), kind, net + self._minor(off), net, tax, 0)
        self.boxes.lines.append(line)
        self.lines[name] = line
        return line

    def _parcel(self, price: float, *, placed: bool) -> None:
        net = self._minor(price)
        self.boxes.parcels.append(Parcel(self.hands.id(), net, net, self.boxes.setting.tax_of(net), placed))

    def _told(self, happened: Happened) -> None:
        self.boxes.settle()
        self.steps.append(told(self.boxes, happened, self.hands.hour))
        self.hands.hour += 1

    @property
    def history(self) -> History:
        """All of it so far."""
        return History(self.boxes.setting, tuple(self.steps))

    def pay(self, amount: float | None = None, gateway: str = "shopify_payments") -> Script:
        """All that is open, or so much."""
        minor = self.boxes.balance if amount is None else self._minor(amount)
        self.boxes.paid.append(Cash(self.hands.id(), gateway, minor))
        topics = ("orders/paid", "orders/updated") if self.boxes.balance <= 0 else ("orders/updated",)
        self._told(Happened("paid", topics))
        return self

    def remove(self, name: str, units: int = 1) -> Script:
        """With an edit."""
        self.lines[name].removed += units
        self._told(Happened("removed", EDITED, removals=[(self.lines[name].id, units)]))
        return self

    def add(self, name: str, price: float = 0, units: int = 1) -> Script:
        """With an edit; without a price, more of a line that is there."""
        line = self.lines[name] if not price else self._line(name, price, units)
        line.added += units
        self._told(Happened("added", EDITED, additions=[(line.id, units)]))
        return self

    def ship(self, price: float) -> Script:
        """With an edit: in this way instead."""
        for parcel in self.boxes.parcels:
            self.boxes.shipping_grown -= self.boxes.gross_of_parcel(parcel)
            parcel.removed = True
        if price:
            self._parcel(price, placed=False)
            self.boxes.shipping_grown += self.boxes.gross_of_parcel(self.boxes.parcels[-1])
        self._told(Happened("shipped otherwise", EDITED))
        return self

    def back(self, amount: float = 0, *, shipping: float = 0, duties: float = 0, fees: float = 0, cent: bool = False,
             pending: bool = False, left_before: bool = False, through: str = "", **units: int) -> Script:  # fmt: skip
        """Money goes back, with what it is for: units by the names of lines, shipping without its tax."""
        lines = [(self.lines[name], number, not left_before) for name, number in units.items()]
        refund = GivenBack(self.hands.id(), self.hands.hour, lines, balancing=cent)
        refund.duties, refund.fees = self._minor(duties), self._minor(fees)
        if shipping:
            net = self._minor(shipping)
            refund.parcels = [(self.boxes.parcels[0], net, self.boxes.setting.tax_of(net))]
        self.hands.draw = (lambda number: number - 1) if pending else (lambda _: 0)
        self.hands.strip(refund)
        happened = self.hands.give(refund, self._minor(amount), "back")
        for cash in refund.cash:
            cash.through = through
        self._told(happened)
        return self

    def settle(self, *, arrives: bool = True) -> Script:
        """What is pending arrives, or does not."""
        self.hands.draw = lambda _: 0 if arrives else 1
        self._told(self.hands.settle())
        return self

    def cancel(self) -> Script:
        """Without money."""
        self.boxes.cancelled = True
        self._told(Happened("cancelled", ("orders/cancelled", "orders/updated")))
        return self

    def reopen(self) -> Script:
        """The cancellation is taken back."""
        self._told(self.hands.reopen())
        return self

    def delete(self) -> Script:
        """Gone."""
        self._told(self.hands.delete())
        return self

    def revive(self) -> Script:
        """Seen again."""
        self._told(self.hands.revive())
        return self
