"""How money goes back: for units by line, for shipping, duties, fees and tips, what is owed, or an amount alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.worth.boxes import Boxes, Cash, GivenBack, Line, Parcel
from tests.worth.setting import Draw


@dataclass
class Happened:
    """One act: in words, with the topics and what orders/edited or refunds/create tell of."""

    words: str
    topics: tuple[str, ...] = ("orders/updated",)
    refund: GivenBack | None = None
    additions: list[tuple[int, int]] = field(default_factory=list)
    removals: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Till:
    """Where money goes back, with dice for how much and for what."""

    boxes: Boxes
    draw: Draw
    next_id: int = 5_000_000_001
    hour: int = 0
    certain: bool = True
    """Without what the views of an order leave open: owed money that pays for what comes, after goodwill was given."""

    @property
    def grain(self) -> int:
        """The least that converts to whole coins of the buyer's."""
        return self.boxes.setting.market.grain

    def id(self) -> int:
        """A new number; later things have higher ones."""
        self.next_id += 1
        return self.next_id

    def part(self, whole: int) -> int:
        """Some of an amount, in coins that convert; at least one, at most the whole."""
        grains = whole // self.grain
        return (
            self.grain * (1 + self.draw(grains))
            if self.draw(2)
            else max(self.grain, whole // 2 // self.grain * self.grain)
        )

    # money back

    def returnable(self) -> list[Line]:
        """Lines whose units can come back: what is still open is not among them."""
        some = [one for one in self.boxes.lines if one.kept and one.kind != "tip"]
        return [one for one in some if not one.added or self.boxes.balance <= 0]

    def refundable_parcels(self) -> list[Parcel]:
        """Shipping that has not gone back."""
        return [
            one for one in self.boxes.parcels if (one.kept or one.kept_tax) and (one.placed or self.boxes.balance <= 0)
        ]

    def tip_line(self) -> Line | None:
        """The tip, where it is a line."""
        if self.boxes.setting.style.tip == "field":
            return None
        return next((one for one in self.boxes.lines if one.kind == "tip" and one.kept), None)

    def pending(self) -> list[GivenBack]:
        """Refunds whose money is on its way."""
        return [one for one in self.boxes.refunds if one.moved("pending")]

    def _named(self) -> GivenBack:
        line = self.returnable()[self.draw(len(self.returnable()))]
        units = 1 + self.draw(line.kept)
        line.refunded += units
        return GivenBack(self.id(), self.hour, [(line, units, True)])

    def give(self, refund: GivenBack, money: int, words: str) -> Happened:
        """Keep the refund, with so much money: at once, or pending first."""
        boxes = self.boxes
        named = refund.named(boxes.setting.taxes_included)
        leaving = named - sum(n * boxes.gross(line) for line, n, leaves in refund.lines if not leaves)
        refund.waited = bool(money) and self.draw(4) == 3
        status = "pending" if refund.waited else "success"
        for gateway, left in boxes.left_by_tender.items():
            taken = min(money, left)
            if taken:
                through = "bank_transfer" if self.draw(6) == 5 else ""
                refund.cash.append(Cash(self.id(), gateway, taken, status, through))
                money -= taken
        assert not money
        boxes.agreed += leaving
        boxes.refunds.append(refund)
        if status == "success":
            self._moved(refund, refund.moved())
        described = ", ".join(f"{n} of line {line.id}" for line, n, _ in refund.lines)
        total = sum(one.amount for one in refund.cash)
        tail = f"{words} ({status}): {total} back" + (f" for {described}" if described else "")
        return Happened(tail, ("refunds/create", "orders/updated"), refund)

    def _moved(self, refund: GivenBack, money: int) -> None:
        """Money went: for what left with this refund, then for what the shop owes, then as goodwill."""
        boxes = self.boxes
        boxes.agreed -= money
        owed_before = boxes.agreed + boxes.kept - (boxes.received - boxes.returned)
        leaving = sum(n * boxes.gross(line) for line, n, leaves in refund.lines if leaves)
        leaving += refund.named(boxes.setting.taxes_included) - sum(
            n * boxes.gross(line) for line, n, _ in refund.lines
        )
        boxes.agreed += max(0, min(money - leaving, -owed_before))

    def return_units(self) -> Happened:
        """Goods come back; money does not go yet, or never."""
        return self.give(self._named(), 0, "returned without money")

    def refund_lines(self) -> Happened:
        """Goods come back, and money goes: all of it, less, more, or a cent off."""
        refund = self._named()
        available = sum(self.boxes.left_by_tender.values())
        named = refund.named(self.boxes.setting.taxes_included)
        way = ("full", "less", "more", "cent more", "cent less")[self.draw(5)]
        money = named
        if way == "less" and named > self.grain:
            money = named - self.part(named - self.grain)
        if way == "more" and available > named:
            money = named + self.part(available - named) if available - named >= self.grain else named
        if way.startswith("cent") and self.grain == 1 and 0 < named < available:
            refund.balancing = True
            money = named + (1 if way == "cent more" else -1)
        if money > available:
            money, refund.balancing = available, False
        return self.give(refund, money, f"refunded by line, {way}")

    def refund_owed(self) -> Happened:
        """What an edit left owed goes back: without a line, or naming units that left with an edit."""
        gone = [one for one in self.boxes.lines if one.removed > one.named and one.kind != "tip"]
        fitting = [one for one in gone if self.boxes.gross(one) <= -self.boxes.balance]
        refund = GivenBack(self.id(), self.hour)
        if fitting and self.draw(2):
            line = fitting[self.draw(len(fitting))]
            line.named += 1
            refund.lines.append((line, 1, False))
            return self.give(refund, self.boxes.gross(line), "the owed, naming what had left")
        return self.give(refund, -self.boxes.balance, "the owed")

    def refund_amount(self) -> Happened:
        """An amount, without a line."""
        money = self.part(sum(self.boxes.left_by_tender.values()))
        return self.give(GivenBack(self.id(), self.hour), money, "by amount")

    def refund_shipping(self) -> Happened:
        """Shipping with its tax, half of it, or its tax alone."""
        parcel = self.refundable_parcels()[self.draw(len(self.refundable_parcels()))]
        net, tax = parcel.kept, parcel.kept_tax
        way = ("all", "half", "tax")[self.draw(3)]
        if way == "half" and net == parcel.net and tax == parcel.tax:
            net, tax = net // 2, tax // 2
        told = len(self.boxes.parcels) == 1 or self.boxes.setting.style.shipping_refund != "old"
        if way == "tax" and tax and told and not self.boxes.setting.taxes_included:
            net = 0
        refund = GivenBack(self.id(), self.hour, parcels=[(parcel, net, tax)])
        return self._refund_charges(refund, f"shipping {net} and tax {tax}")

    def refund_charge(self) -> Happened:
        """Duties, or fees."""
        boxes = self.boxes
        refund = GivenBack(
            self.id(), self.hour, duties=boxes.duties.kept, fees=0 if boxes.duties.kept else boxes.fees.kept
        )
        return self._refund_charges(refund, "duties" if refund.duties else "fees")

    def refund_tip(self) -> Happened:
        """The tip, by its line."""
        line = self.tip_line()
        assert line is not None
        return self._refund_charges(GivenBack(self.id(), self.hour, [(line, 1, True)]), "the tip")

    def _refund_charges(self, refund: GivenBack, words: str) -> Happened:
        available = sum(self.boxes.left_by_tender.values())
        if refund.named(self.boxes.setting.taxes_included) > available:
            return Happened("nothing happens")
        self.strip(refund)
        return self.give(refund, refund.named(self.boxes.setting.taxes_included), words)

    def strip(self, refund: GivenBack) -> None:
        """Out of the boxes of what is kept, what the refund names."""
        for parcel, net, tax in refund.parcels:
            parcel.refunded += net
            parcel.refunded_tax += tax
        for line, units, leaves in refund.lines:
            line.refunded += units if leaves else 0
        self.boxes.duties.refunded += refund.duties
        self.boxes.fees.refunded += refund.fees

    def settle(self) -> Happened:
        """Pending money arrives, or does not."""
        refund = self.pending()[0]
        status = ("success", "failure")[self.draw(2)]
        money = refund.moved("pending")
        for one in refund.cash:
            one.status = status if one.status == "pending" else one.status
        if status == "success":
            self._moved(refund, money)
        return Happened(f"pending {money}: {status}")

    def _everything(self) -> GivenBack:
        boxes = self.boxes
        tips = boxes.setting.style.tip != "field"
        return GivenBack(
            self.id(),
            self.hour,
            lines=[(one, one.kept, True) for one in boxes.lines if one.kept and (tips or one.kind != "tip")],
            parcels=[(one, one.kept, one.kept_tax) for one in boxes.parcels if one.kept or one.kept_tax],
            duties=boxes.duties.kept,
            fees=boxes.fees.kept,
        )

    def refund_all(self) -> Happened:
        """Whatever is left, and all the money."""
        refund = self._everything()
        self.strip(refund)
        return self.give(refund, sum(self.boxes.left_by_tender.values()), "everything")
