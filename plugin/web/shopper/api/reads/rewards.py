"""Rewards and what became of them, as one member can have and use them: by themselves, or in a cart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.errors import NotFound
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.rewards import as_shown, in_cart, kinds, reward_terms
from plugin.rules.rewards import redemption as rules
from plugin.rules.rewards.in_cart import Cart
from plugin.rules.rewards.kinds import CODES, worth
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.words import programme_page
from plugin.store.rewards import redemptions
from plugin.web.current import shop, transaction
from plugin.web.shopper import money_rewards, own_rewards
from plugin.web.shopper.api.asking import MOST_ID, answer, member, new_key, number
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.shapes import Held, HeldList, Reward, Rewards
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.api.values import Points, Slider, Why
from plugin.web.shopper.offers import Offer, offers
from plugin.web.shopper.offers import worth as worth_of
from plugin.web.shopper.own_rewards import Shown

PAGE = 30
State = Literal["preparing", "ready", "used", "returning", "returned", "expired", "given", "failed"]


def register(app: Flask) -> None:
    """Add the calls."""
    for_shoppers(app, "/rewards", rewards)
    for_shoppers(app, "/held", held)
    for_shoppers(app, "/held/<int:held_id>", held_one)


def rewards() -> Response:
    """Everything that is offered to the member, at their price."""
    with transaction() as conn:
        shopper = member(conn)
        found = offers(conn, shopper)
    told = to_shopper(shopper)
    return answer(Rewards(key=new_key(), rewards=usable_first([reward(one, told) for one in found])))


def usable_first(found: Sequence[Reward]) -> list[Reward]:
    """The rewards that can be used first, each part in the programme's order."""
    return sorted(found, key=lambda one: not one.usable)


def reward(offer: Offer, told: Told, cart: Cart | None = None) -> Reward:
    """One reward; `cart`: in it."""
    one = offer.reward
    made = rules.terms(one, one.points, shop().currency)
    why, most = offer.why, offer.most
    if cart is not None and isinstance(one, Sliding):
        most = in_cart.most_points(one, made, most, cart)
    if why is None and cart is not None:
        why = in_cart.refusal(made, cart)
    brings = reward_terms.offers(one, shop().currency)
    happens = own_rewards.what_happens(one, told.say, partial(worth_of, one))
    return Reward(
        id=one.id, kind=one.kind, title=one.name, price=_price(one, told), offer=as_shown.offer(one),
        brings=told.because(brings) if brings else "",
        terms=[told.because(each) for each in offer.terms], happens=happens(told.locale), share=offer.share,
        usable=why is None, why=told.why(why), slider=_slider(one, most, told) if isinstance(one, Sliding) else None,
        left=offer.left, for_order=isinstance(one, CODES),
    )  # fmt: skip


def _price(one: kinds.Reward, told: Told) -> Points:
    """The price; of a slider the least, read as the whole range."""
    return Points(points=one.points, text=programme_page.price(one, told.points_name, told.locale))


def _slider(one: Sliding, most: int, told: Told) -> Slider:
    """From the least to the most that the member can spend at once; out of reach, to the most there is."""
    currency = shop().currency
    value = worth(one, one.step) or 0  # type: ignore[arg-type]  # every sliding reward is one of the programme's
    return Slider(
        least=one.points,
        most=most or one.most,
        step=one.step,
        worth=told.money(to_minor(value, minor_digits(currency)), currency),
    )


def held() -> Response:
    """What was redeemed or given, newest first."""
    before = number("before")
    with transaction() as conn:
        shopper = member(conn)
        found = own_rewards.shown(conn, shopper.member.id, before, PAGE + 1)
    told = to_shopper(shopper)
    rows = [shown(one, told) for one in found[:PAGE]]
    return answer(HeldList(key=new_key(), held=rows, before=rows[-1].id if len(found) > PAGE else None))


def held_one(held_id: int) -> Response:
    """One redemption of the member's own."""
    with transaction() as conn:
        shopper = member(conn)
        one = own(conn, shopper.member.id, held_id)
    return answer(shown(one, to_shopper(shopper)))


def own(conn: Connection, member_id: int, redemption_id: int) -> Shown:
    """A redemption of this member. NotFound: there is none, or it is somebody else's."""
    made = redemptions.get(conn, shop().id, redemption_id) if redemption_id < MOST_ID else None
    if made is None or made.member_id != member_id or not made.is_reward:
        raise NotFound("We couldn't find that redemption.")
    return own_rewards.shown_one(conn, made)


_STATES: dict[str, State] = {
    own_rewards.STATES["wanted"]: "preparing",
    own_rewards.STATES["unwanted"]: "returning",
    own_rewards.STATES["released"]: "returned",
    own_rewards.STATES["captured"]: "used",
    own_rewards.GIVEN_BACK: "returned",
    own_rewards.ENDED: "expired",
    own_rewards.OPEN: "preparing",
    own_rewards.OWN_STATES["donation"]: "given",
    own_rewards.OWN_STATES["custom"]: "used",
    money_rewards.CREDITED: "given",
}
"""What a program reads where the page says so."""


def shown(one: Shown, told: Told, cart: Cart | None = None) -> Held:
    """One redemption; a code that anybody could spend is left out, and `hidden` says so."""
    made = one.made
    state = _STATES.get(one.state, "ready")
    text = told.say(one.state, cause=made.terms.get("cause", "")) if one.state else one.told
    why = None if state == "ready" else Why(code=f"held_{state}", text=text)
    if why is None and cart is not None and one.code:
        why = told.why(in_cart.refusal(made.terms, cart, one.code))
    return Held(
        id=made.id, kind=made.kind, title=made.title, state=state, text=f"{text} {one.reference}".strip(),
        code=one.code or None, points=told.points(made.points), on=told.day(made.created_at),
        ends=told.last_day(made.expires_at), terms=[told.because(each) for each in one.terms],
        releasable=one.undoable, hidden=one.hidden, usable=why is None, why=why,
    )  # fmt: skip
