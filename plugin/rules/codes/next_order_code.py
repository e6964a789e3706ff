"""The unique code for the next order: who gets one, what it brings, when it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from plugin.rules.codes.discounts import Label, amount, common_input, percent
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.types import OrderView
from plugin.rules.worth.paid import PAID

FRESH_FOR = timedelta(hours=48)
"""An order that we first hear of later than this gets no code and no mail: the moment has passed."""
SHOWN_LATER_DAYS = 365
SECURED = PAID | {"authorized"}


def refusal(view: OrderView, programme: Programme, now: datetime) -> str:
    """Why this order brings no code, as a code word; empty when it brings one."""
    if not programme.next_order_code.enabled:
        return "switched_off"
    if view.buyer.customer_id is None and not view.buyer.email:
        return "no_customer"
    return not_now(view, programme, now)


def not_now(view: OrderView, programme: Programme, now: datetime) -> str:
    """Why nothing goes out to the buyer for this order now: no code, no confirmation."""
    if view.test and not programme.basis.test_orders:
        return "test_order"
    if view.cancelled_at is not None or view.financial_status == "refunded":
        return "cancelled"
    if view.financial_status not in SECURED:
        return "awaiting_payment"
    return "too_old" if now - view.placed_at > FRESH_FOR else ""


def lost(view: OrderView | None, *, deleted: bool) -> bool:
    """Whether the order no longer stands, so that its unused code is taken back."""
    if deleted or view is None:
        return deleted
    return view.cancelled_at is not None or view.financial_status in ("refunded", "voided")


def valid_days(programme: Programme) -> int:
    """How long a code lives. In Shopify's own mail it is shown with the order after this one, so until then."""
    days = programme.next_order_code.valid_days
    return max(days, SHOWN_LATER_DAYS) if programme.confirmation == "shopify" else days


def terms(rules: NextOrderCode, currency: str) -> dict[str, object]:
    """The reward as promised, copied to the redemption."""
    return {**rules.model_dump(mode="json"), "currency": currency}


def discount_input(
    terms: Mapping[str, Any], code: str, title: str, tag: str, starts_at: datetime, ends_at: datetime | None
) -> dict[str, object]:
    """The DiscountCodeBasicInput for the terms, without its context. Percentages are 0 to 1."""
    value = percent(terms["value"]) if terms["kind"] == "percent" else amount(terms["value"])
    made = common_input(terms, Label(code, title, tag), starts_at, ends_at)
    return made | {"customerGets": {"value": value, "items": {"all": True}}}
