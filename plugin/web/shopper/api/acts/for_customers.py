"""What staff do for a customer in the blocks of Shopify's admin and at the till, with the panel's roles and limits.

Each carries a key that was given to this account for this customer; the same key again is the same act.
"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities import give_birthday
from plugin.actions.members import enrol_member, leave_programme
from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.shops import staff_roles
from plugin.errors import BadInput, NotFound
from plugin.rules import subjects
from plugin.rules.types import Buyer
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points import ledger
from plugin.store.work import activity_pages
from plugin.web.current import account, acting, now, shop, staff, transaction
from plugin.web.shopper.api import staff_acts
from plugin.web.shopper.api.act_shapes import ReleaseIn
from plugin.web.shopper.api.acts import redeeming
from plugin.web.shopper.api.asking import MOST_ID, answer, body, insist_on, new_key, once
from plugin.web.shopper.api.doors import for_staff
from plugin.web.shopper.api.shapes import Done, KeyIn, RedeemIn
from plugin.web.shopper.api.staff_shapes import AdjustIn
from plugin.web.shopper.api.told import Told, to_staff
from plugin.web.shopper.page import Shopper, as_shopper
from plugin.web.words import t

CUSTOMER = "/customers/<int:customer_id>"


def register(app: Flask) -> None:
    """Add the calls."""
    for_staff(app, f"{CUSTOMER}/adjust", adjust, "POST", role=staff_acts.ADJUST)
    for_staff(app, f"{CUSTOMER}/redeem", redeem_for, "POST", role=staff_acts.REDEEM)
    for_staff(app, f"{CUSTOMER}/held/<int:held_id>/release", release_for, "POST", role=staff_acts.RETURN)
    for_staff(app, f"{CUSTOMER}/birthday", birthday_for, "POST", role=staff_acts.GIVE_BIRTHDAY)
    for_staff(app, f"{CUSTOMER}/join", join_for, "POST", role=staff_acts.JOIN)


def _member(conn: Connection, customer_id: int) -> Member:
    """Who the customer is with us; NotFound: nobody yet, or no member any more."""
    found = members.by_customers(conn, shop().id, [customer_id]) if customer_id < MOST_ID else {}
    one = found.get(customer_id)
    if one is not None and one.merged_into is not None:
        one = members.get(conn, shop().id, one.merged_into)
    if one is None or one.state != "member":
        raise NotFound(Said("members.error.no_member"))
    return one


def _shopper(conn: Connection, customer_id: int) -> tuple[Shopper, Told]:
    shopper = as_shopper(conn, _member(conn, customer_id))
    return shopper, to_staff(shopper.points_name)


def _done(conn: Connection, customer_id: int, text: str, points: int | None) -> Response:
    shopper, told = _shopper(conn, customer_id)
    given = told.points(points) if points is not None else None
    available = told.points(shopper.available)
    return answer(Done(key=new_key(customer_id), text=text, points=given, available=available))


def adjust(customer_id: int) -> Response:
    """Give or take points, within what this account may a day; the reason is shown to the member."""
    asked = body(AdjustIn)
    insist_on(asked.key, customer_id)
    with acting() as conn:
        one = _member(conn, customer_id)
        if not asked.points:
            raise BadInput(Said("frame.wrong.fields"), {"points": Said("members.error.not_zero")})
        wish = Adjustment(one.id, asked.key[-32:], "adjusted", asked.points, asked.reason, shown=True)
        done = adjust_points.adjust(conn, shop().id, wish, staff().actor, now())
        if done is not None:
            staff_roles.count_correction(conn, shop(), account().id, done.points, shop().day(now()))
        booked, _ = ledger.sum_of(conn, shop().id, one.id, str(subjects.ByHand(wish.key)))
        return _done(conn, customer_id, t("frame.done.adjusted"), booked)


def redeem_for(customer_id: int) -> Response:
    """Spend the member's points on a reward; the code is answered, to be used at once."""
    asked = body(RedeemIn)
    insist_on(asked.key, customer_id)
    with acting() as conn:
        shopper, _ = _shopper(conn, customer_id)
        made = redeeming.reserve(conn, shopper, asked, staff().actor)
    redeeming.make_now(made)
    return _redeemed(customer_id, made.id)


def _redeemed(customer_id: int, number: int) -> Response:
    with transaction() as conn:
        shopper, told = _shopper(conn, customer_id)
        return answer(redeeming.redeemed(conn, shopper, number, told, new_key(customer_id)))


def release_for(customer_id: int, held_id: int) -> Response:
    """Take an unused redemption back for the member, or what the till did not take."""
    asked = body(ReleaseIn)
    insist_on(asked.key, customer_id)
    with acting() as conn:
        one = _member(conn, customer_id)
        made = redeeming.give_back(conn, one.id, held_id, redeeming.ENDED_WHY[asked.why], staff().actor)
        if once(conn, asked.key):
            note = {"member": one.id, "redemption": made.id}
            activity_pages.note_staff_act(conn, shop().id, staff().actor, "undo_redemption", made.title, note, now())
    redeeming.make_now(made)
    return _redeemed(customer_id, made.id)


def birthday_for(customer_id: int) -> Response:
    """Give the points of the member's birthday now."""
    asked = body(KeyIn)
    insist_on(asked.key, customer_id)
    with acting() as conn:
        one = _member(conn, customer_id)
        points = give_birthday.give(conn, shop(), one.id, staff().actor, now()) if once(conn, asked.key) else None
        return _done(conn, customer_id, t("frame.done.adjusted"), points)


def join_for(customer_id: int) -> Response:
    """Make a customer a member; who is one stays one, and who has left comes back only by themselves."""
    asked = body(KeyIn)
    insist_on(asked.key, customer_id)
    with acting() as conn:
        known = members.by_customers(conn, shop().id, [customer_id]).get(customer_id)
        if known is None:
            enrol_member.enrol(conn, shop(), [Buyer(customer_id=customer_id)], now())
        elif known.state == leave_programme.LEFT:
            raise BadInput(Said("members.error.has_left"))
        return _done(conn, customer_id, t("frame.done.saved"), None)
