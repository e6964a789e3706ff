"""What stays of a stored webhook once it was processed: what points can be computed from anew, and nothing else.

An allow-list by topic, level by level. No name, address, phone number, note, property, browser or tracking number is
on it; the e-mail address is, as guests are told apart by it. Source of the fields: Shopify's REST resources.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = Mapping[str, "Tree | None"]
"""Keys that stay; None: with a single value, a list of single values, or nothing."""


def _keys(words: str, **below: Tree) -> Tree:
    """These keys, and beside each money set the plain amount that it may be said with instead."""
    plain = [name.removesuffix("_set") for name in below if name.endswith("_set")]
    return {**dict.fromkeys((*words.split(), *plain)), **below}


_AMOUNT = _keys("amount currency_code")
MONEY: Tree = {"shop_money": _AMOUNT, "presentment_money": _AMOUNT}
_TAX = _keys("price", price_set=MONEY)
_OFF = _keys("amount", amount_set=MONEY)
_PAYMENT = _keys(
    "id parent_id kind status gateway amount currency created_at", amount_set=MONEY, total_unsettled_set=MONEY
)
_DUTY = _keys(
    "id duty_id amount price", amount_set=MONEY, shop_money=_AMOUNT, presentment_money=_AMOUNT, price_set=MONEY,
    tax_lines=_TAX,
)  # fmt: skip
_FEE = _keys("id name price amount", price_set=MONEY, amount_set=MONEY, tax_lines=_TAX)
_LINE = _keys(
    "id title name variant_title vendor product_id variant_id price quantity current_quantity gift_card tip"
    " tip_payment_gateway",
    price_set=MONEY,
    discount_allocations=_OFF,
    tax_lines=_TAX,
    duties=_DUTY,
    selling_plan=_keys("id name"),
)
_SHIPPING = _keys(
    "id price discounted_price current_discounted_price is_removed", price_set=MONEY, discounted_price_set=MONEY,
    current_discounted_price_set=MONEY, tax_lines=_TAX, discount_allocations=_OFF,
)  # fmt: skip
_REFUND_LINE = _keys(
    "id line_item_id quantity subtotal total_tax restock_type", subtotal_set=MONEY, total_tax_set=MONEY
)
_REFUND_SHIPPING = _keys(
    "id shipping_line_id subtotal total_tax subtotal_amount tax_amount",
    subtotal_amount_set=MONEY,
    tax_amount_set=MONEY,
    shipping_line=_keys("id price", price_set=MONEY),
)
_ADJUSTMENT = _keys("id kind amount tax_amount reason", amount_set=MONEY, tax_amount_set=MONEY)
REFUND: Tree = _keys(
    "id order_id created_at processed_at",
    refund_line_items=_REFUND_LINE,
    refund_shipping_lines=_REFUND_SHIPPING,
    order_adjustments=_ADJUSTMENT,
    transactions=_PAYMENT,
    duties=_DUTY,
    refund_duties=_DUTY,
    additional_fees=_FEE,
    refund_additional_fees=_FEE,
    total_duties_set=MONEY,
    total_additional_fees_set=MONEY,
    total_refunded_set=MONEY,
)
CUSTOMER: Tree = _keys("id email created_at updated_at verified_email state")
ORDER: Tree = _keys(
    "id name created_at updated_at processed_at cancelled_at currency presentment_currency financial_status"
    " fulfillment_status test source_name taxes_included total_price total_outstanding total_tip_received"
    " payment_gateway_names email contact_email subtotal_price current_subtotal_price current_total_price total_tax"
    " current_total_tax total_discounts checkout_token",
    customer=CUSTOMER,
    discount_codes=_keys("code amount type"),
    line_items=_LINE,
    shipping_lines=_SHIPPING,
    refunds=REFUND,
    transactions=_PAYMENT,
    fulfillments=_keys("created_at status"),
    total_price_set=MONEY,
    current_total_price_set=MONEY,
    subtotal_price_set=MONEY,
    current_subtotal_price_set=MONEY,
    total_shipping_price_set=MONEY,
    current_shipping_price_set=MONEY,
    original_total_price_set=MONEY,
    original_total_duties_set=MONEY,
    current_total_duties_set=MONEY,
    original_total_additional_fees_set=MONEY,
    current_total_additional_fees_set=MONEY,
    additional_fees=_FEE,
    total_outstanding_set=MONEY,
    total_cash_rounding_payment_adjustment_set=MONEY,
    total_cash_rounding_refund_adjustment_set=MONEY,
)
BY_TOPIC: Mapping[str, Tree] = {
    **dict.fromkeys(("orders/create", "orders/paid", "orders/updated", "orders/cancelled", "suki/order"), ORDER),
    "orders/delete": _keys("id"),
    "orders/edited": {"order_edit": _keys("id order_id")},
    "refunds/create": REFUND,
    "customers/create": CUSTOMER,
    "customers/update": CUSTOMER,
    "customers/merge": _keys("admin_graphql_api_customer_kept_id admin_graphql_api_customer_deleted_id"),
}
"""Of every other topic nothing is computed anew: nothing of it stays."""


def kept(topic: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a topic without what nothing needs any more."""
    return _of(payload, BY_TOPIC.get(topic, {}))


def _of(value: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    found = {}
    for key, below in tree.items():
        if key in value:
            part = _part(value[key], below)
            if part is not _GONE:
                found[key] = part
    return found


_GONE = object()


def _part(value: Any, below: Tree | None) -> Any:
    """A value as far as it may stay; something of another shape than foreseen goes."""
    if isinstance(value, list):
        parts = [_part(each, below) for each in value]
        return [part for part in parts if part is not _GONE]
    if isinstance(value, dict):
        return _GONE if below is None else _of(value, below)
    return value if below is None or value is None else _GONE
