"""Rewards and what became of them, as one member can have and use them: by themselves, or in a cart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.errors import BadInput, NotFound
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.rewards import as_shown, in_cart, kinds, reward_terms
from plugin.rules.rewards import redemption as rules
from plugin.rules.rewards.in_cart import Cart
from plugin.rules.rewards.kinds import CODES, worth
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.types import Reason
from plugin.rules.words import programme_page
from plugin.rules.words.own_names import reward_in
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.web.current import shop, transaction
from plugin.web.shopper import money_rewards, named, own_rewards
from plugin.web.shopper.api.asking import MOST_ID, answer, member, new_key, number
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.shapes import Held, HeldList, Reward, Rewards
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.api.values import Day, Points, Slider, Why
from plugin.web.shopper.offers import Offer, offers
from plugin.web.shopper.offers import worth as worth_of
from plugin.web.shopper.own_rewards import Shown

PAGE = 30
MOST_PAGES = 10
OPEN = ("preparing", "ready", "returning")
"""What is still to be used, or under way; all else is over."""
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
    one = reward_in(offer.reward, told.named)
    made = rules.terms(one, one.points, shop().currency)
    why, most = offer.why, offer.most
    if cart is not None and isinstance(one, Sliding):
        most = in_cart.most_points(one, made, most, cart)
    if why is None and cart is not None:
        why = in_cart.refusal(made, cart)
    brings = reward_terms.offers(one, shop().currency)
    happens = own_rewards.what_happens(one, told.say, partial(worth_of, one))
    return Reward(
        id=one.id, kind=one.kind, title=one.name, price=_price(one, told), offer=as_shown.offer(offer.reward),
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
    """What was redeemed or given, newest first: all of it, what is `open`, or what is `over`."""
    before, only = number("before"), request.args.get("only", "")
    if only not in ("", "open", "over"):
        raise BadInput("only is open or over.", {"only": "open or over"})
    with transaction() as conn:
        shopper = member(conn)
        rows, before = _page(conn, shopper.member.id, before, only, to_shopper(shopper))
    return answer(HeldList(key=new_key(), held=rows, before=before))


def _page(conn: Connection, member_id: int, before: int | None, only: str, told: Told) -> tuple[list[Held], int | None]:
    """A page of those that are wanted, and from where the next one goes on; what is passed over is read by the page,
    at most so many of them at once."""
    rows: list[Held] = []
    for _ in range(MOST_PAGES):
        found = own_rewards.shown(conn, member_id, before, PAGE + 1)
        for one in found[:PAGE]:
            before = one.made.id
            row = shown(one, told)
            if not only or (row.state in OPEN) == (only == "open"):
                rows.append(row)
            if len(rows) == PAGE:
                return rows, before if one is not found[-1] else None
        if len(found) <= PAGE:
            return rows, None
    return rows, before


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


FAILED = ("creation_failed", "no_codes")
"""Why a redemption ended that could never be made."""


def _state(one: Shown) -> State:
    made = one.made
    if made.state == "released" and made.points and made.ended_why in FAILED:
        return "failed"
    return _STATES.get(one.state, "ready")


def _is_refused(made: Redemption, state: State) -> bool:
    """Whether the cart did not take it: the member has not returned it themselves."""
    return state == "returned" and made.points > 0 and made.ended_why == "not_taken"


def _why_back(made: Redemption) -> Reason:
    return Reason(made.ended_why, {"reward": made.title, "points": made.points})


def _last_day(one: Shown, state: State, told: Told) -> Day | None:
    return told.last_day(one.made.expires_at) if state in ("ready", "preparing") else None


def _more(one: Shown, state: State, text: str) -> str:
    """What is said beside the state: a reference, what staff wrote, what was given, and to whom."""
    if one.reference:
        return f"{text} {one.reference}"
    return text if state in ("ready", "given") or one.state == own_rewards.GIVEN_BACK else one.told


def shown(one: Shown, told: Told, cart: Cart | None = None) -> Held:
    """One redemption; a code that anybody could spend is left out, and `hidden` says so."""
    one = named.held(one, told.named)
    made, state = one.made, _state(one)
    text = told.say(one.state, cause=made.terms.get("cause", "")) if one.state else one.told
    why_back = told.because(_why_back(made)) if state == "failed" or _is_refused(made, state) else ""
    text = why_back if state == "failed" else text
    why = None if state == "ready" else Why(code=f"held_{state}", text=text)
    if why is None and cart is not None and one.code:
        why = told.why(in_cart.refusal(made.terms, cart, one.code))
    return Held(
        id=made.id, kind=made.kind, title=made.title, state=state, text=f"{text} {one.reference}".strip(),
        more=why_back or _more(one, state, text),
        code=one.code or None, points=told.points(made.points), on=told.day(made.created_at),
        ends=_last_day(one, state, told),
        terms=[told.because(each) for each in one.terms],
        releasable=one.undoable, hidden=one.hidden, usable=why is None, why=why,
    )  # fmt: skip
