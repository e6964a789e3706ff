"""How money goes back: by line, of shipping, duties, fees or the tip, by amount; at once, later, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.shop import kept_money, sums
from sandbox.shop.order_records import keep, touch, transaction
from sandbox.state import Record, Shop, iso

Happened = list[tuple[str, Record]]
DISCREPANCY, PENDING = "Refund discrepancy", "Pending refund discrepancy"


@dataclass
class Back:
    """What a refund is for."""

    lines: dict[int, int] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)
    """Units that an edit took before; they are named, and do not leave again."""
    shipping: int = 0
    duties: int = 0
    fees: int = 0
    tip: bool = False
    amount: int | None = None
    """The money; nothing is what all this is worth."""
    move_money: bool = True
    pending: bool = False
    """The money is on its way: see `settle`."""
    note: str = ""
    restock: str = "return"
    reason: str = DISCREPANCY


def refund(shop: Shop, order: Record, at: datetime, back: Back) -> tuple[Record | None, Happened]:
    """Give money back, or take goods back without; what differs becomes an adjustment."""
    with shop.lock:
        items = [_item(shop, order, line, n, back.restock) for line, n in back.lines.items()]
        items += [_item(shop, order, line, n, back.restock, gone=True) for line, n in back.gone.items()]
        items = [item for item in items if item["quantity"] > 0]
        parts = _shipping_parts(order, back.shipping)
        record: Record = {
            "id": shop.next_id(), "created_at": iso(at), "note": back.note, "lines": items,
            "shipping": sum(part["amount"] for part in parts), "shipping_parts": parts,
            "duties": min(back.duties, sums.charge_left(order, "duties")),
            "fees": min(back.fees, sums.charge_left(order, "fees")),
            "tip": sums.charge_left(order, "tip") if back.tip else 0,
            "reason": back.reason, "adjustments": [], "transactions": [],
        }  # fmt: skip
        named = worth(order, record)
        wanted = (named if back.amount is None else back.amount) if back.move_money else 0
        money = max(0, min(wanted, sums.refundable(order)))
        if not named and not money:
            return None, []
        record["waited"] = back.pending and bool(money)
        record["transactions"] = _payments_back(shop, order, money, at, "pending" if record["waited"] else "success")
        order["agreed"] = (
            sums.agreed(order) + named - sum(sums.refund_item_total(order, item) for item in items if item["gone"])
        )
        order["refunds"].append(record)
        if not record["waited"]:
            _moved(shop, order, record, at)
        record["adjustments"] = _adjustments(shop, order, record)
        touch(order, at)
        keep(shop, order)
        return record, [("refunds/create", {"refund_id": record["id"]}), ("orders/updated", {})]


def worth(order: Record, record: Record) -> int:
    """What a refund names is worth to the buyer."""
    on_top = 0 if order["taxes_included"] else 1
    goods = sum(sums.refund_item_total(order, item) for item in record["lines"])
    shipping = sum(part["amount"] + on_top * part["tax"] for part in sums.parts_of_shipping(order, record))
    return int(goods + shipping + sum(record.get(name) or 0 for name in ("duties", "fees", "tip")))


def _item(shop: Shop, order: Record, line_id: int, quantity: int, restock: str, *, gone: bool = False) -> Record:
    line = next(line for line in order["lines"] if line["id"] == line_id)
    before = sums.current(line) if not gone else sums.current(line) + line["removed"] - line.get("named", 0)
    quantity = max(0, min(quantity, before if not gone else line["removed"] - line.get("named", 0)))
    subtotal = sums.line_net(line, before) - sums.line_net(line, before - quantity)
    tax = sums.line_tax(order, line, before) - sums.line_tax(order, line, before - quantity)
    if gone:
        line["named"] = line.get("named", 0) + quantity
    else:
        line["refunded"] += quantity
    return {
        "id": shop.next_id(), "line_id": line_id, "quantity": quantity, "subtotal": subtotal, "tax": tax,
        "restock_type": restock, "gone": gone,
    }  # fmt: skip


def _shipping_parts(order: Record, wanted: int) -> list[Record]:
    """So much of the shipping lines, one after the other, each with the tax that goes with it."""
    parts = []
    for parcel in sums.parcels(order):
        left = sums.parcel_left(order, parcel)
        amount = max(0, min(wanted, left))
        if amount:
            rest = sums.parcel_tax(order, parcel, left - amount)
            tax = max(0, sums.parcel_tax_left(order, parcel) - rest)
            parts.append({"id": parcel["id"], "amount": amount, "tax": tax})
            wanted -= amount
    return parts


def _payments_back(shop: Shop, order: Record, money: int, at: datetime, status: str) -> list[Record]:
    """To the tenders it came from, each as far as it goes."""
    found = []
    for payment in order["transactions"]:
        part = min(money, payment["amount"] - _went_to(order, payment))
        if part > 0:
            one = transaction(shop, order, "refund", payment["gateway"], part, at, status)
            found.append(one | {"parent": payment["id"]})
            money -= part
    return found


def _went_to(order: Record, payment: Record) -> int:
    first = order["transactions"][0]["id"]
    parts = [part for one in order["refunds"] for part in one["transactions"] if part["status"] != "failure"]
    return int(sum(part["amount"] for part in parts if part.get("parent", first) == payment["id"]))


def _moved(shop: Shop, order: Record, record: Record, at: datetime) -> None:
    """The money went: for what left with the refund, then for what the shop owed, then as goodwill."""
    money = sum(one["amount"] for one in record["transactions"] if one["status"] == "success")
    leaving = worth(order, record) - sum(
        sums.refund_item_total(order, item) for item in record["lines"] if item.get("gone")
    )
    order["agreed"] = sums.agreed(order) - money
    owed = max(0, -sums.balance(order))
    order["agreed"] += max(0, min(money - leaving, owed))
    payments = {one["id"]: one for one in order["transactions"]}
    for one in record["transactions"]:
        kept_money.give_back(shop, payments[one["parent"]], one["amount"], at)


def _adjustments(shop: Shop, order: Record, record: Record) -> list[Record]:
    """Positive: less money went than the lines are worth. While money is on its way, a row of its own stands beside."""
    named = worth(order, record)
    by_status = {status: sum(one["amount"] for one in record["transactions"] if one["status"] == status)
                 for status in ("success", "pending")}  # fmt: skip
    rows = [(named - by_status["success"], record["reason"])]
    if by_status["pending"]:
        rows = [(-by_status["pending"], PENDING)]
        rows += [(named - by_status["pending"], record["reason"])] if named else []
    return [
        {"id": shop.next_id(), "kind": "refund_discrepancy", "reason": reason, "amount": amount}
        for amount, reason in rows
        if amount
    ]


def settle(shop: Shop, order: Record, refund_id: int, at: datetime, *, arrives: bool = True) -> Happened:
    """Money that was on its way arrived, or did not. Whether Shopify tells is not certain."""
    with shop.lock:
        record = next(one for one in order["refunds"] if one["id"] == refund_id)
        waiting = [one for one in record["transactions"] if one["status"] == "pending"]
        for one in waiting:
            one["status"] = "success" if arrives else "failure"
        if not waiting:
            return []
        if arrives:
            _moved(shop, order, record, at)
        record["adjustments"] = _adjustments(shop, order, record)
        touch(order, at)
        keep(shop, order)
        return [("orders/updated", {})]


def refund_all(shop: Shop, order: Record, at: datetime, note: str = "", restock: str = "return") -> Happened:
    """Everything that is left of the order, and all the money."""
    back = Back(
        lines={line["id"]: sums.current(line) for line in order["lines"]},
        shipping=sums.shipping_left(order),
        duties=sums.charge_left(order, "duties"),
        fees=sums.charge_left(order, "fees"),
        tip=bool(order.get("tip_line")),
        amount=sums.refundable(order),
        note=note,
        restock=restock,
    )
    return refund(shop, order, at, back)[1]


def refund_owed(shop: Shop, order: Record, at: datetime) -> Happened:
    """What an edit left owed, without a line."""
    return refund(shop, order, at, Back(amount=max(0, -sums.balance(order))))[1]
