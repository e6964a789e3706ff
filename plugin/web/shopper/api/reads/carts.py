"""A cart judged by the very rules: what it earns, what may be redeemed for it, which own codes it can use."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.members.leave_programme import LEFT
from plugin.actions.orders import estimate_cart
from plugin.actions.orders.estimate_cart import CartKnown, Estimated
from plugin.rules.orders.cart import Cart, CartLine
from plugin.rules.rewards import in_cart
from plugin.rules.rewards.in_cart import Applied, Goods
from plugin.rules.types import Reason
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.current import now, shop, transaction
from plugin.web.shopper import own_rewards
from plugin.web.shopper.api import shapes
from plugin.web.shopper.api.asking import answer, body, new_key
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads.me import next_aim
from plugin.web.shopper.api.reads.rewards import reward, shown, usable_first
from plugin.web.shopper.api.shapes import CartIn, CartJudged, Estimate
from plugin.web.shopper.api.told import Told, to_anybody
from plugin.web.shopper.offers import ONLINE, offers, offers_to_nobody
from plugin.web.shopper.page import Shopper, as_shopper, member_behind, words

SOURCES = {ONLINE: "web", "pos": "pos"}


def register(app: Flask) -> None:
    """Add the call: it changes nothing, and is sent as it may be long."""
    for_shoppers(app, "/cart", cart, "POST", asks=True)


def cart() -> Response:
    """The cart that was sent, for whoever asks."""
    asked = body(CartIn)
    with transaction() as conn:
        member = member_behind(conn)
        shopper = as_shopper(conn, member) if member is not None and member.state != LEFT else None
        version = shopper.version if shopper else programmes.current(conn, shop().id, now())
        locale = member.locale if member else ""
        told = to_anybody(words(conn, version.programme, locale), locale)
        found = judge(conn, asked, version, shopper, told, new_key(), left=member is not None and shopper is None)
    return answer(found)


def judge(
    conn: Connection,
    asked: CartIn,
    version: Version,
    shopper: Shopper | None,
    told: Told,
    key: str,
    *,
    left: bool = False,
    channel: str = ONLINE,
) -> CartJudged:
    """The cart for one member, or for somebody who is none (yet, or no longer: who has `left` earns nothing)."""
    found = estimate_cart.known(conn, shop(), _cart(asked, channel), shopper.member if shopper else None, now())
    estimated = _estimate(conn, version, found, shopper.member if shopper else None, left=left)
    terms = _in_cart(conn, found, shopper)
    chances = offers(conn, shopper, channel) if shopper else offers_to_nobody(version.programme)
    held = own_rewards.shown(conn, shopper.member.id) if shopper else []
    return CartJudged(
        key=key,
        estimate=_told(estimated, told) if estimated.why is None else None,
        why=told.why(estimated.why),
        rewards=usable_first([reward(one, told, terms) for one in chances]),
        held=[one for one in (shown(each, told, terms) for each in held) if one.state in ("ready", "preparing")],
        next_reward=next_aim(shopper, told) if shopper else None,
    )


def _cart(asked: CartIn, channel: str) -> Cart:
    subtotal = Decimal(asked.subtotal) if asked.subtotal is not None else None
    lines = tuple(_line(line) for line in asked.lines)
    return Cart(asked.currency, lines, subtotal, tuple(filter(None, asked.codes)), SOURCES[channel])


def _line(said: shapes.CartLine) -> CartLine:
    return CartLine(
        said.quantity, Decimal(said.price), said.product_id, said.variant_id, said.vendor, said.gift_card,
        said.subscription,
    )  # fmt: skip


def _estimate(conn: Connection, version: Version, found: CartKnown, member: Member | None, *, left: bool) -> Estimated:
    if left:
        return Estimated(why=Reason("left_programme"))
    return estimate_cart.estimate(conn, shop(), version, found, member, now())


def _told(found: Estimated, told: Told) -> Estimate:
    points = told.points(found.points)
    return Estimate(points=points, about=found.about, text=told.say(_sentence(found), points=points.text))


def _sentence(found: Estimated) -> str:
    """The key of what is said of an estimate."""
    if not found.points:
        return "shopper.api.cart_nothing"
    if found.up_to:
        return "shopper.api.cart_sign_in_up_to" if found.sign_in else "shopper.api.cart_up_to"
    if found.about:
        return "shopper.api.cart_sign_in_about" if found.sign_in else "shopper.api.cart_about"
    return "shopper.api.cart_sign_in" if found.sign_in else "shopper.api.cart_earns"


def _in_cart(conn: Connection, found: CartKnown, shopper: Shopper | None) -> in_cart.Cart | None:
    """The cart as the terms of rewards see it; an empty one is none."""
    if not found.cart.lines:
        return None
    goods = tuple(
        Goods(line.product_id or 0, minor, line.gift_card, _collections(found, line.product_id))
        for line, minor in zip(found.cart.lines, found.minors, strict=True)
    )
    return in_cart.Cart(goods, _applied(conn, found.cart.codes, shopper), found.cart.currency)


def _collections(found: CartKnown, product_id: int | None) -> frozenset[int] | None:
    known = found.products.get(product_id or 0)
    return known.collections if known is not None else None


def _applied(conn: Connection, codes: Sequence[str], shopper: Shopper | None) -> tuple[Applied, ...]:
    """The codes of the cart; of the member's own ones we know the terms, of those of others nothing is told."""
    ours = redemptions.by_codes(conn, shop().id, codes) if codes and shopper else {}
    mine = {code: made.terms for code, made in ours.items() if shopper and made.member_id == shopper.member.id}
    return tuple(Applied(code, mine.get(code.upper())) for code in codes)
