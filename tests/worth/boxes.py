"""An order as things in boxes: units of goods, parcels, duties and cash. Nothing here knows a payload.

Everything is in the smallest coins of the shop's currency. A unit is kept, or it left with an edit, or with a
refund; money came in by a tender, or went back by it, and is in exactly one box.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.worth.setting import Setting

EARNING, NOT_EARNING = ("goods",), ("excluded", "gift_card")


@dataclass
class Line:
    """So many units of one thing. Prices are of one unit; the tax is within the price or on top of it."""

    id: int
    kind: str  # goods | excluded | gift_card | tip
    list_price: int
    net: int
    tax: int
    placed: int
    added: int = 0
    removed: int = 0
    refunded: int = 0
    settled: int = 0
    """Units that were ever on it when the order was last paid in full."""
    named: int = 0
    """Of the removed units, so many were named by a refund afterwards."""

    @property
    def ever(self) -> int:
        """Units that were ever on the order."""
        return self.placed + self.added

    @property
    def kept(self) -> int:
        """Units still on it."""
        return self.ever - self.removed - self.refunded

    @property
    def later(self) -> int:
        """Of these, what came since the order was last paid in full; what left of the line is what was there before."""
        return min(self.kept, self.ever - self.settled)


@dataclass
class Parcel:
    """A way of sending, and what it costs."""

    id: int
    list_price: int
    net: int
    tax: int
    placed: bool
    removed: bool = False
    refunded: int = 0
    refunded_tax: int = 0

    @property
    def kept(self) -> int:
        """Of the price, what has not gone back and was not removed."""
        return 0 if self.removed else self.net - self.refunded

    @property
    def kept_tax(self) -> int:
        """The same of its tax."""
        return 0 if self.removed else self.tax - self.refunded_tax


@dataclass
class Charge:
    """Duties or additional fees: one amount, without tax."""

    amount: int
    refunded: int = 0

    @property
    def kept(self) -> int:
        """What has not gone back."""
        return self.amount - self.refunded


@dataclass
class Cash:
    """Money that moved, or tries to."""

    id: int
    gateway: str
    amount: int
    status: str = "success"  # success | pending | failure
    through: str = ""
    """A way of giving back by which nothing was paid."""


@dataclass
class GivenBack:
    """One refund: what it names, and the money that went with it."""

    id: int
    at: int
    lines: list[tuple[Line, int, bool]] = field(default_factory=list)
    """Line, units, and whether they leave with this refund (they may have left with an edit before)."""
    parcels: list[tuple[Parcel, int, int]] = field(default_factory=list)
    duties: int = 0
    fees: int = 0
    cash: list[Cash] = field(default_factory=list)
    waited: bool = False
    """Its money was pending first."""
    balancing: bool = False
    """The difference between what it names and the money is a rounding cent, which counts as nothing."""

    def named(self, included: bool) -> int:
        """What it names is worth, with tax."""
        goods = sum(n * (line.net + (0 if included else line.tax)) for line, n, _ in self.lines)
        parcels = sum(net + (0 if included else tax) for _, net, tax in self.parcels)
        return goods + parcels + self.duties + self.fees

    def moved(self, status: str = "success") -> int:
        """Money of this state."""
        return sum(one.amount for one in self.cash if one.status == status)


@dataclass
class Boxes:
    """The whole order."""

    setting: Setting
    lines: list[Line] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    duties: Charge = field(default_factory=lambda: Charge(0))
    fees: Charge = field(default_factory=lambda: Charge(0))
    shipping_grown: int = 0
    """Shipping that came since the order was last paid in full, less what went in its place."""
    tips: int = 0
    paid: list[Cash] = field(default_factory=list)
    refunds: list[GivenBack] = field(default_factory=list)
    agreed: int = 0
    """What the shop keeps for things that came back, less what it gave beyond them: nobody owes it any more."""
    ever_paid: bool = False
    cancelled: bool = False
    deleted: bool = False
    edited: bool = False
    murky: bool = False
    """Something left that nobody ever paid, or came for what the shop owed: one view alone cannot tell what came in."""

    def present_price(self, parcel: Parcel) -> int:
        """What Shopify states as its price now, of one that was removed too."""
        as_it_was = parcel.removed and self.setting.style.removed_price == "as it was"
        return parcel.net - parcel.refunded if as_it_was else parcel.kept

    def gross(self, line: Line) -> int:
        """What one unit costs the buyer."""
        return line.net + (0 if self.setting.taxes_included else line.tax)

    def gross_of_parcel(self, parcel: Parcel) -> int:
        """What is left of it costs the buyer."""
        return parcel.kept + (0 if self.setting.taxes_included else parcel.kept_tax)

    def settle(self) -> None:
        """If nothing is open, everything on the order is paid: what comes from now on came later."""
        self.ever_paid |= bool(self.received) and self.balance <= 0 and not self.cancelled
        if self.ever_paid and self.balance <= 0 and not self.cancelled:
            self.shipping_grown = 0
            for line in self.lines:
                line.settled = line.ever

    @property
    def gave_more(self) -> bool:
        """Whether money went back, or is on its way, that no thing on a refund explains."""
        included = self.setting.taxes_included
        return any(one.moved() + one.moved("pending") > one.named(included) for one in self.refunds)

    @property
    def tips_kept(self) -> int:
        """Tips, in the field or as lines."""
        return self.tips + sum(line.kept * line.net for line in self.lines if line.kind == "tip")

    @property
    def kept(self) -> int:
        """What everything still on the order costs the buyer, tips too."""
        goods = sum(line.kept * self.gross(line) for line in self.lines if line.kind != "tip")
        parcels = sum(self.gross_of_parcel(parcel) for parcel in self.parcels)
        return goods + parcels + self.duties.kept + self.fees.kept + self.tips_kept

    @property
    def received(self) -> int:
        """Money that came."""
        return sum(one.amount for one in self.paid if one.status == "success")

    @property
    def returned(self) -> int:
        """Money that went back."""
        return sum(one.moved() for one in self.refunds)

    @property
    def balance(self) -> int:
        """What the shop asks of the buyer; below zero, what it owes."""
        return 0 if self.cancelled else self.kept + self.agreed - (self.received - self.returned)

    @property
    def left_by_tender(self) -> dict[str, int]:
        """Money that came and has not gone back, nor is about to, by gateway."""
        left: dict[str, int] = {}
        for one in self.paid:
            if one.status == "success":
                left[one.gateway] = left.get(one.gateway, 0) + one.amount
        for refund in self.refunds:
            for one in refund.cash:
                if one.status != "failure":
                    left[one.gateway] -= one.amount
        return left
