"""The boxes as Shopify's webhooks tell of them, old and new; keys as in its own examples and captured bodies."""

from __future__ import annotations

from tests.worth.adjustments import DISCREPANCY, PENDING, SHIPPING, Row, rows
from tests.worth.boxes import Boxes, Cash, GivenBack, Line, Parcel
from tests.worth.coins import Record, both, in_buyers, number, stamp, written
from tests.worth.setting import decimals
from tests.worth.till import Happened

ORDER, EXCLUDED_PRODUCT, PRODUCT = 7_000_000_001, 66, 11


def body(boxes: Boxes, topic: str, happened: Happened, hour: int) -> Record:
    """What a webhook of this topic carries."""
    if topic == "orders/delete":
        return {"id": ORDER}
    if topic == "orders/edited":
        return _edit(happened, hour)
    if topic == "refunds/create":
        assert happened.refund is not None
        return refund_body(boxes, happened.refund)
    return order_body(boxes, hour)


def _edit(happened: Happened, hour: int) -> Record:
    none: Record = {"additions": [], "removals": []}
    lines = {
        "additions": [{"id": key, "delta": delta} for key, delta in happened.additions],
        "removals": [{"id": key, "delta": delta} for key, delta in happened.removals],
    }
    return {"order_edit": {
        "id": 9_000_000_000 + hour, "app_id": None, "created_at": stamp(hour), "committed_at": stamp(hour),
        "notify_customer": False, "order_id": ORDER, "staff_note": "", "user_id": None, "line_items": lines,
        "discounts": {"line_item": none}, "shipping_lines": none,
    }}  # fmt: skip


def order_body(boxes: Boxes, hour: int) -> Record:
    """The whole order, as orders/create, paid, updated and cancelled carry it."""
    market = boxes.setting.market
    return {
        "id": ORDER, "admin_graphql_api_id": f"gid://shopify/Order/{ORDER}", "name": "#1001", "number": 1,
        "order_number": 1001, "created_at": stamp(0), "processed_at": stamp(0), "updated_at": stamp(hour),
        "cancelled_at": stamp(hour) if boxes.cancelled else None,
        "cancel_reason": "customer" if boxes.cancelled else None, "closed_at": None, "confirmed": True,
        "currency": market.currency, "presentment_currency": market.buyers, "test": False, "source_name": "web",
        "taxes_included": boxes.setting.taxes_included, "financial_status": financial_status(boxes),
        "fulfillment_status": None, "fulfillments": [], "email": "ana@example.com", "contact_email": "ana@example.com",
        "customer": {"id": 42, "email": "ana@example.com", "first_name": "Ana", "last_name": "Reyes"},
        "customer_locale": "en", "tags": "", "note_attributes": [], "discount_codes": [], "returns": [],
        "payment_gateway_names": list(dict.fromkeys(one.gateway for one in boxes.paid)),
        "discount_applications": [_DISCOUNT] if any(one.list_price > one.net for one in boxes.lines) else [],
        "line_items": [line_body(boxes, one) for one in boxes.lines if shown(boxes, one)],
        "shipping_lines": [parcel_body(boxes, one) for one in boxes.parcels],
        "refunds": [refund_body(boxes, one) for one in boxes.refunds], **_sums(boxes),
    }  # fmt: skip


_DISCOUNT = {
    "target_type": "line_item", "type": "manual", "value": "1.0", "value_type": "fixed_amount",
    "allocation_method": "across", "target_selection": "entitled", "title": "For you", "description": "For you",
}  # fmt: skip


def shown(boxes: Boxes, line: Line) -> bool:
    """Whether it is a line to Shopify: tips can be a field only."""
    return line.kind != "tip" or boxes.setting.style.tip != "field"


def financial_status(boxes: Boxes) -> str:
    """As in webhook bodies."""
    came, went = boxes.received, boxes.returned
    if not came:
        return "voided" if boxes.cancelled else "pending"
    if went >= came:
        return "refunded"
    if boxes.balance > 0:
        return boxes.setting.style.both_states if went else "partially_paid"
    return "partially_refunded" if went else "paid"


def totals(boxes: Boxes) -> dict[str, int]:
    """Of the order as placed, and as it is; all by their names in webhooks."""
    goods = [one for one in boxes.lines if one.kind != "tip"]
    placed = sum(one.placed * boxes.gross(one) for one in goods)
    ever = sum((one.ever - one.removed) * boxes.gross(one) for one in goods)
    tax_on_top = 0 if boxes.setting.taxes_included else 1
    sent = [(one, one.net + tax_on_top * one.tax) for one in boxes.parcels]
    rest = boxes.duties.amount + boxes.fees.amount + tip(boxes)
    original = placed + sum(gross for one, gross in sent if one.placed) + rest
    followed = ever + sum(gross for one, gross in sent if not one.removed) + rest
    parcels = [one for one in boxes.parcels if one.placed]
    return {
        "subtotal_price": sum(one.placed * one.net for one in goods),
        "current_subtotal_price": sum(one.kept * one.net for one in goods),
        "total_price": followed if boxes.setting.style.total_price == "follows" else original,
        "original_total_price": original,
        "current_total_price": boxes.kept,
        "total_tax": sum(one.placed * one.tax for one in goods) + sum(one.tax for one in parcels),
        "current_total_tax": sum(one.kept * one.tax for one in goods) + sum(one.kept_tax for one in boxes.parcels),
        "total_line_items_price": sum(one.placed * one.list_price for one in goods),
        "total_discounts": sum(one.placed * (one.list_price - one.net) for one in goods),
        "current_total_discounts": sum(one.kept * (one.list_price - one.net) for one in goods),
        "total_shipping_price": sum(one.net for one in parcels),
        "current_shipping_price": sum(one.kept for one in boxes.parcels),
    }


def tip(boxes: Boxes) -> int:
    """Tips as paid at the checkout."""
    return sum(one.net for one in boxes.lines if one.kind == "tip")


def stated_outstanding(boxes: Boxes) -> int:
    """What is open; what the shop owes is stated below zero, or as nothing."""
    return max(0, boxes.balance) if boxes.setting.style.owed == "zero" else boxes.balance


def _sums(boxes: Boxes) -> Record:
    setting, sums = boxes.setting, totals(boxes)
    currency, field_tip = setting.market.currency, tip(boxes) if setting.style.tip != "line" else 0
    sums.pop("original_total_price")
    charges: dict[str, Record | None] = {}
    for name, charge in (("duties", boxes.duties), ("additional_fees", boxes.fees)):
        charges[f"original_total_{name}_set"] = both(setting, charge.amount) if charge.amount else None
        charges[f"current_total_{name}_set"] = both(setting, charge.kept) if charge.amount else None
    return {
        **{name: written(amount, currency) for name, amount in sums.items() if "shipping" not in name},
        **{f"{name}_set": both(setting, amount) for name, amount in sums.items()}, **charges,
        "total_outstanding": written(stated_outstanding(boxes), currency),
        "total_tip_received": written(field_tip, currency), "tax_lines": [], "tax_exempt": False,
    }  # fmt: skip


def line_body(boxes: Boxes, line: Line) -> Record:
    """A line item; a tip has its own key, even if null."""
    setting, currency = boxes.setting, boxes.setting.market.currency
    product = {"excluded": EXCLUDED_PRODUCT, "tip": None}.get(line.kind, PRODUCT)
    off = (line.list_price - line.net) * line.ever
    allocation = {"amount": written(off, currency), "amount_set": both(setting, off), "discount_application_index": 0}
    tax = line.tax * line.ever
    taxes = [{"title": "VAT", "rate": float(setting.tax_rate), "price": written(tax, currency),
              "price_set": both(setting, tax), "channel_liable": False}]  # fmt: skip
    return {
        "id": line.id, "title": line.kind, "name": line.kind, "quantity": line.ever, "current_quantity": line.kept,
        "fulfillable_quantity": line.kept, "price": written(line.list_price, currency),
        "price_set": both(setting, line.list_price), "product_id": product, "variant_id": product, "sku": line.kind,
        "vendor": "Suki", "gift_card": line.kind == "gift_card", "taxable": bool(line.tax), "properties": [],
        "requires_shipping": line.kind == "goods", "total_discount": written(0, currency),
        "total_discount_set": both(setting, 0), "discount_allocations": [allocation] if off else [],
        "tax_lines": taxes if tax else [], "duties": [],
        **({"tip_payment_gateway": None, "tip_payment_method": None} if line.kind == "tip" else {}),
    }  # fmt: skip


def parcel_body(boxes: Boxes, parcel: Parcel) -> Record:
    """A shipping line; a removed one stays."""
    setting, currency = boxes.setting, boxes.setting.market.currency
    edited = any(one.removed for one in boxes.parcels)  # a body that knows of removals knows present prices
    known = setting.style.current_shipping or edited
    now = {"current_discounted_price_set": both(setting, boxes.present_price(parcel))} if known else {}
    taxes = [{"title": "VAT", "rate": float(setting.tax_rate), "price": written(parcel.tax, currency),
              "price_set": both(setting, parcel.tax), "channel_liable": False}]  # fmt: skip
    return {
        "id": parcel.id, "title": "Standard", "code": "Standard", "price": written(parcel.list_price, currency),
        "price_set": both(setting, parcel.list_price), "discounted_price": written(parcel.net, currency),
        "discounted_price_set": both(setting, parcel.net), "is_removed": parcel.removed, **now,
        "tax_lines": taxes if parcel.tax else [], "discount_allocations": [],
    }  # fmt: skip


def refund_body(boxes: Boxes, refund: GivenBack) -> Record:
    """A refund: the same alone in refunds/create and inside an order."""
    setting = boxes.setting
    style = setting.style
    return {
        "id": refund.id, "admin_graphql_api_id": f"gid://shopify/Refund/{refund.id}", "order_id": ORDER,
        "created_at": stamp(refund.at), "processed_at": stamp(refund.at), "note": None, "user_id": 5, "restock": True,
        "return": None,
        "refund_line_items": [_refund_line(boxes, refund, *one) for one in enumerate(refund.lines)],
        "refund_shipping_lines": [] if style.shipping_refund == "old" else [
            {"id": refund.id * 10 + index, "shipping_line_id": parcel.id, "shipping_line": parcel_body(boxes, parcel),
             "subtotal_amount_set": both(setting, net), "tax_amount_set": both(setting, tax)}
            for index, (parcel, net, tax) in enumerate(refund.parcels)
        ],
        "order_adjustments": [
            _adjustment(boxes, refund, index, row)
            for index, row in enumerate(rows(setting, refund, shipping=style.shipping_refund != "new"))
        ],
        "duties": [{"duty_id": 77, "amount_set": both(setting, refund.duties)}] if refund.duties else [],
        "refund_duties": [{"duty_id": 77, "refund_type": "FULL"}] if refund.duties else [],
        "total_duties_set": both(setting, refund.duties),
        "additional_fees": [{"id": 78, "price_set": both(setting, refund.fees)}] if refund.fees else [],
        "total_additional_fees_set": both(setting, refund.fees),
        "transactions": [_transaction(boxes, refund, one) for one in refund.cash],
    }  # fmt: skip


def _refund_line(boxes: Boxes, refund: GivenBack, index: int, item: tuple[Line, int, bool]) -> Record:
    line, units, _ = item
    setting, net, tax = boxes.setting, units * line.net, units * line.tax
    plain = {"subtotal": number(setting, net), "total_tax": number(setting, tax)} if setting.style.subtotal else {}
    return {
        "id": refund.id * 10 + index, "quantity": units, "line_item_id": line.id, "location_id": 1,
        "restock_type": "return", **plain, "subtotal_set": both(setting, net), "total_tax_set": both(setting, tax),
        "line_item": line_body(boxes, line),
    }  # fmt: skip


def _adjustment(boxes: Boxes, refund: GivenBack, index: int, row: Row) -> Record:
    setting, style = boxes.setting, boxes.setting.style
    shipping = row.reason == SHIPPING
    plain: Record = {}
    if style.amount:
        plain = {"amount": _amount(boxes, row.amount), "tax_amount": _amount(boxes, row.tax)}
    without = not style.kind or (shipping and style.shipping_refund == "both_without_kind")
    kind = {} if without else {"kind": "shipping_refund" if shipping else "refund_discrepancy"}
    return {
        "id": refund.id * 100 + index, "order_id": ORDER, "refund_id": refund.id, "reason": row.reason,
        "amount_set": both(setting, row.amount), "tax_amount_set": both(setting, row.tax), **plain, **kind,
    }  # fmt: skip


def _amount(boxes: Boxes, minor: int) -> object:
    in_numbers = boxes.setting.style.numbers == "json"
    return number(boxes.setting, minor) if in_numbers else written(minor, boxes.setting.market.currency)


def _transaction(boxes: Boxes, refund: GivenBack, cash: Cash) -> Record:
    """In the buyer's currency, as was seen."""
    buyers = boxes.setting.market.buyers
    text = written(in_buyers(boxes.setting, cash.amount), buyers)
    in_numbers = boxes.setting.style.numbers == "json"
    amount: object = (float(text) if decimals(buyers) else int(text)) if in_numbers else text
    return {
        "id": cash.id, "order_id": ORDER, "kind": "refund", "gateway": cash.through or cash.gateway,
        "status": cash.status,
        "created_at": stamp(refund.at), "processed_at": stamp(refund.at), "amount": amount, "currency": buyers,
        "test": False, "parent_id": 1,
    }  # fmt: skip


REASONS = {
    DISCREPANCY: "REFUND_DISCREPANCY", PENDING: "PENDING_REFUND_DISCREPANCY",
    "Full return balancing adjustment": "FULL_RETURN_BALANCING_ADJUSTMENT",
    "damage": "DAMAGE", "restock": "RESTOCK", "customer": "CUSTOMER",
}  # fmt: skip
