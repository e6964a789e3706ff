"""Points are spent on a reward, and what the cart did not take is given back: reserved first, made within the request.

The same key again is the same redemption. What the request does not get done the worker does; the answer says so, and
whoever waits asks for the redemption again.
"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.rewards import carry_out_now, redeem_points
from plugin.errors import NotFound
from plugin.rules.rewards import reward_names
from plugin.rules.rewards.as_shown import Shown
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.web.current import acting, now, parts, shop, transaction
from plugin.web.shopper import named, own_rewards
from plugin.web.shopper.api.act_shapes import ReleaseIn
from plugin.web.shopper.api.asking import MOST_ID, answer, body, insist_on, member, new_key
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads import rewards
from plugin.web.shopper.api.shapes import Held, Redeemed, RedeemIn
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.offers import ONLINE
from plugin.web.shopper.page import Shopper, as_shopper

ENDED_WHY = {"unwanted": "undone", "not_taken": "not_taken"}
"""Why a member gives a redemption back, by the name under which it is stored."""
_OPEN = ("wanted", "unwanted")


def register(app: Flask) -> None:
    """Add the calls."""
    for_shoppers(app, "/redeem", redeem, "POST")
    for_shoppers(app, "/held/<int:held_id>/release", release, "POST")


def redeem() -> Response:
    """Spend points on a reward for the member who asks."""
    asked = body(RedeemIn)
    insist_on(asked.key)
    with acting() as conn:
        shopper = member(conn)
        made = reserve(conn, shopper, asked, "shopper", ONLINE)
    make_now(made)
    return _redeemed(made.id)


def reserve(conn: Connection, shopper: Shopper, asked: RedeemIn, actor: str, channel: str = "") -> Redemption:
    """Set the points aside; the job that makes what they buy is left to this request for a moment."""
    seen = Shown(asked.price, asked.offer)
    made = redeem_points.redeem(
        conn, shop(), shopper.member.id, asked.reward, asked.points, asked.key, actor, now(), channel, seen
    )  # fmt: skip
    if made.code_state in _OPEN:
        carry_out_now.have_a_go_first(conn, shop(), made.id, now())
    return made


def make_now(made: Redemption) -> None:
    """Make it, or unmake it, if there is something of that to do; after the transaction that asked for it."""
    if made.code_state in _OPEN:
        carry_out_now.now_or_soon(parts().work, shop(), made.id)


def release(held_id: int) -> Response:
    """Give an unused redemption of the member's own back."""
    asked = body(ReleaseIn)
    insist_on(asked.key)
    with acting() as conn:
        shopper = member(conn)
        made = give_back(conn, shopper.member.id, held_id, ENDED_WHY[asked.why], "shopper")
    make_now(made)
    return _redeemed(made.id)


def give_back(conn: Connection, member_id: int, number: int, why: str, actor: str) -> Redemption:
    """Ask for it back, or give it back at once where nobody has to be asked. NotFound: it is not this member's, or a
    gift, which has nothing to give back."""
    found = redemptions.get(conn, shop().id, number) if number < MOST_ID else None
    if found is None or found.member_id != member_id or not found.points:
        raise NotFound("We couldn't find that redemption.")
    made = redeem_points.undo(conn, shop(), found.id, why, actor, now())
    if made.code_state in _OPEN:
        carry_out_now.have_a_go_first(conn, shop(), made.id, now())
    return made


def _redeemed(number: int) -> Response:
    with transaction() as conn:
        shopper = member(conn)
        told = to_shopper(shopper)
        outcome = redeemed(conn, shopper, number, told, new_key())
    return answer(outcome)


def redeemed(conn: Connection, shopper: Shopper, number: int, told: Told, key: str) -> Redeemed:
    """The redemption as it is by now, and what the member has."""
    made = redemptions.get(conn, shop().id, number)
    assert made is not None
    held = rewards.shown(own_rewards.shown_one(conn, made), told)
    available = told.points(as_shopper(conn, shopper.member).available)
    return Redeemed(key=key, held=held, available=available, text=_text(made, held, told))


def _returned(made: Redemption, told: Told) -> str:
    """Who has given it back: staff, the member, or nobody where a checkout refused its code."""
    if told.audience == "staff":
        return "shopper.undo.done_for"
    return "shopper.undo.done_refused" if made.ended_why == ENDED_WHY["not_taken"] else "shopper.undo.done"


def _text(made: Redemption, held: Held, told: Told) -> str:
    if held.state == "failed":
        return held.text
    made = named.redeemed(made, told.named)
    name = reward_names.redeemed(made.terms, made.title, told.locale)
    if made.state == "released":
        return told.say(_returned(made, told), reward=name)
    if made.code_state == "unwanted":
        nobodys = made.deduct == "ordered" or told.audience == "staff"
        return told.say("shopper.undo.checking_reserved" if nobodys else "shopper.undo.checking", reward=name)
    if held.code:
        return told.say("shopper.api.code_ready", reward=name, code=held.code)
    return own_rewards.thanks(made, told.say)
