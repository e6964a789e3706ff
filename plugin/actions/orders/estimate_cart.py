"""What a cart would earn if it were ordered now: nothing is written, and nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection

from plugin.actions.orders.order_knowledge import gather
from plugin.actions.rewards.standings import tier_of
from plugin.rules import reach
from plugin.rules.orders import earning
from plugin.rules.orders.cart import Cart, Rate, as_order, is_about, is_most
from plugin.rules.orders.cart_taxes import Taxes, learned
from plugin.rules.orders.earning import Snapshot
from plugin.rules.reach import Surface
from plugin.rules.types import Buyer, OrderView, ProductFacts, Reason
from plugin.store.members.members import Member
from plugin.store.orders import newest_orders, products
from plugin.store.shops.shops import Shop
from plugin.store.versions.programmes import Version

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Seen from then, whatever was fetched is fresh: an estimate may rest on it."""
SOMEBODY = 1
"""A customer's number that is nobody's: what somebody would earn who signs in."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """Points; `about`: it may become more or fewer, `up_to`: only fewer. `why` there is no estimate. `sign_in`: a guest
    would have to."""

    points: int = 0
    about: bool = False
    why: Reason | None = None
    sign_in: bool = False
    up_to: bool = False


@dataclass(frozen=True, slots=True)
class CartKnown:
    """A cart with what we know of it: the rate (None: nobody paid in this currency yet), tax, and products."""

    cart: Cart
    rate: Rate | None
    view: OrderView | None
    products: dict[int, ProductFacts]
    taxes: Taxes

    @property
    def minors(self) -> list[int | None]:
        """What each line costs in the shop's currency; None where nobody knows the rate."""
        if self.view is None:
            return [None] * len(self.cart.lines)
        return [line.price_minor * line.quantity - line.discount_minor for line in self.view.lines]


def known(conn: Connection, shop: Shop, cart: Cart, member: Member | None, now: datetime) -> CartKnown:
    """What is at hand of the cart: what orders in its currency say, and what its products are; two reads."""
    told = newest_orders.told(conn, shop.id, cart.currency)
    rate: Rate | None = (1, 1) if cart.currency == shop.currency else told.rate
    included = bool(shop.settings.get("taxes_included")) if told.included is None else told.included
    taxes = learned(told.lines, included=included)
    buyer = Buyer(customer_id=member.customer_id if member else SOMEBODY, email="somebody@example.invalid")
    view = as_order(cart, shop.currency, rate, buyer, now, taxes) if rate else None
    ids = {line.product_id for line in cart.lines if line.product_id}
    return CartKnown(cart, rate, view, products.facts(conn, shop.id, ids, LONG_AGO) if ids else {}, taxes)


def estimate(
    conn: Connection, shop: Shop, version: Version, found: CartKnown, member: Member | None, now: datetime
) -> Estimated:
    """The points by the very rules of earning, at the member's tier."""
    person = member.person if member else reach.NOBODY
    if why := reach.ask(shop.launch, person, Surface.EARNING).why:
        return Estimated(why=why)
    view, programme = found.view, version.programme
    if view is None:
        return Estimated(why=Reason("cart_unrated", {"currency": found.cart.currency}))
    tier = tier_of(conn, shop.id, member.id) if member and programme.tiers.levels else ""
    level = programme.tiers.named(tier)
    start = Snapshot(version.number, tier=tier, multiplier=level.multiplier if level else Decimal(1))
    knowledge = gather(conn, shop, [version], [view], LONG_AGO)
    deserved = earning.deserved(view, programme, start, knowledge.products, None, knowledge.of(view))
    about = is_about(found.cart, programme, shop.currency, taxes_included=found.taxes.included)
    about = about or knowledge.missing(view, version, start) is not None
    sign_in = member is None and not programme.basis.guests
    return Estimated(deserved.points, about, sign_in=sign_in, up_to=is_most(programme, found.taxes))
