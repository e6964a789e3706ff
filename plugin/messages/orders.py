"""What the emails about an order have in common: the order as it stands, and the code that it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Connection

from plugin.messages.kind import Occasion, SampleShop
from plugin.rules import subjects
from plugin.rules.messages import CodeOffer
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.types import OrderView
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import NEXT_ORDER, Redemption
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class Standing:
    """An order that was neither cancelled nor deleted, and the code for the next one if it brought one."""

    order: StoredOrder
    view: OrderView
    code: Redemption | None


def standing(occasion: Occasion) -> Standing | None:
    """The order of the message (`order:ID`); None when it was cancelled or deleted."""
    order = occasion.together("order", orders.by_ids, _order_id)
    if order is None or order.effective is None or order.deleted or order.effective.cancelled_at:
        return None
    return Standing(order, order.effective, occasion.together("code", _codes, lambda message: message.subject))


def _order_id(message: Message) -> int:
    return subjects.Order.parse(message.subject).order_id


def _codes(conn: Connection, shop_id: int, about: list[str]) -> dict[str, Redemption]:
    return redemptions.by_subjects(conn, shop_id, NEXT_ORDER, about)


def offer(code: Redemption, shop: Shop) -> CodeOffer:
    """The code as promised in its copied terms."""
    terms = code.terms
    digits = minor_digits(str(terms["currency"]))
    percent = terms["kind"] == "percent"
    return CodeOffer(
        value=code.code,
        percent_off=Decimal(str(terms["value"])) if percent else None,
        amount_off_minor=None if percent else to_minor(terms["value"], digits),
        minimum_spend_minor=to_minor(terms["minimum_spend"], digits),
        valid_until=shop.last_day(code.expires_at) if code.expires_at else None,
    )


def sample_offer(shop: SampleShop) -> CodeOffer:
    """A code as the shop's rules would promise it."""
    rules = shop.programme.next_order_code
    until = shop.today + timedelta(days=rules.valid_days)
    name = f"{rules.prefix}-K7M2P-9XQ4T".lstrip("-")
    minimum = int(rules.minimum_spend * shop.unit)
    if rules.kind == "percent":
        return CodeOffer(name, Decimal(rules.value), None, minimum, until)
    return CodeOffer(name, None, int(rules.value * shop.unit), minimum, until)
