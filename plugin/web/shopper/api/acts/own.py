"""What members do beside redeeming: activities, their profile, joining, leaving, having a code shown.

Each carries the key of an answer; the same key again is the same act, and says the same.
"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities import record_activity
from plugin.actions.members import enrol_member, keep_profile, leave_programme, second_step
from plugin.errors import BadInput, Closed, TooMany
from plugin.rules.activities import judging
from plugin.rules.types import Buyer
from plugin.rules.words.texts import Said
from plugin.store.members.members import Member
from plugin.web.current import acting, now, shop, transaction
from plugin.web.shopper import earn, own_rewards
from plugin.web.shopper.api.act_shapes import ProfileIn
from plugin.web.shopper.api.asking import answer, body, insist_on, member, new_key, once
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.shapes import Done, KeyIn
from plugin.web.shopper.api.told import to_shopper
from plugin.web.shopper.page import Shopper, as_shopper, language_of, member_behind, visit

A_MINUTE = 60


def register(app: Flask) -> None:
    """Add the calls."""
    for_shoppers(app, "/activities/<activity_id>", do_activity, "POST")
    for_shoppers(app, "/profile", save_profile, "POST")
    for_shoppers(app, "/join", join, "POST")
    for_shoppers(app, "/leave", leave, "POST")
    for_shoppers(app, "/held/<int:held_id>/show", show_code, "POST")


def do_activity(activity_id: str) -> Response:
    """Something that members do one by one is done: its points come."""
    key = _key()
    with acting() as conn:
        shopper = member(conn)
        activity = earn.doable(conn, activity_id)
        made = record_activity.record(
            conn, shop(), shopper.member.id, activity.id, key, now(), "shopper", now(), kinds=earn.OFFERED
        )
        return _thanks(conn, shopper, made.record.points)


def _key() -> str:
    asked = body(KeyIn)
    insist_on(asked.key)
    return asked.key


def _thanks(conn: Connection, shopper: Shopper, points: int) -> Response:
    told = to_shopper(shopper)
    return _done(conn, shopper, told.say("shopper.earn.thanks", points=told.points(points).text), points)


def _done(conn: Connection, shopper: Shopper, text: str, points: int | None = None) -> Response:
    told, has = to_shopper(shopper), as_shopper(conn, shopper.member)
    given = told.points(points) if points is not None else None
    return answer(Done(key=new_key(), text=text, points=given, available=told.points(has.available)))


def save_profile() -> Response:
    """Keep what the member tells of themselves; what is left out stays as it is."""
    asked = body(ProfileIn)
    insist_on(asked.key)
    with acting() as conn:
        shopper = member(conn)
        told, points = to_shopper(shopper), None
        if asked.emails is not None:
            leave_programme.want_emails(conn, shop(), shopper.member.id, wants=asked.emails)
        if asked.birthday is not None:
            points = _birthday(conn, shopper, asked.birthday.month, asked.birthday.day)
        text = told.say("shopper.shared.saved") if asked.birthday is None else told.say("shopper.earn.birthday_kept")
        return _done(conn, shopper, text, points)


def _birthday(conn: Connection, shopper: Shopper, month: int, day: int) -> int | None:
    """Keep it; answers the points of a profile that is complete by that."""
    if not judging.possible(month, day):
        raise BadInput(Said("members.error.no_day"), {"birthday": Said("members.error.birthday")})
    keep_profile.set_birthday(conn, shop(), shopper.member.id, (month, day), "shopper", now())
    made = keep_profile.reward_profile(conn, shop(), shopper.member.id, now())
    return made.record.points if made is not None else None


def join() -> Response:
    """A customer whom we do not know, or who has left, is a member from now on; who is one already stays one."""
    _key()
    customer = visit().customer_id
    if customer is None:
        raise Closed("Somebody who is not signed in cannot join", "no_member")
    with acting() as conn:
        known = member_behind(conn)
        if known is None:
            enrol_member.enrol(conn, shop(), [Buyer(customer_id=customer, locale=visit().locale)], now())
        elif known.state == leave_programme.LEFT:
            leave_programme.come_back(conn, shop(), known.id, now())
        shopper = member(conn)
        key = "shopper.own.welcome_back" if known is not None else "shopper.api.joined"
        return _done(conn, shopper, to_shopper(shopper).say(key))


def leave() -> Response:
    """Send the link that confirms it: nobody leaves by this alone."""
    return _link_for("leave", _key(), "")


def show_code(held_id: int) -> Response:
    """Send the link that shows a code which anybody could spend."""
    key = _key()
    with transaction() as conn:
        made = own_rewards.with_code_for_its_owner(conn, member(conn).member.id, held_id)
    return _link_for("code", key, str(made.id))


def _link_for(purpose: str, key: str, subject: str) -> Response:
    """The answer is the same whether we hold an address or not."""
    with acting() as conn:
        shopper = member(conn)
        if once(conn, key):
            _ask(conn, shopper.member, purpose, subject)
        return _done(conn, shopper, to_shopper(shopper).say("shopper.api.link_sent"))


def _ask(conn: Connection, one: Member, purpose: str, subject: str) -> None:
    at = visit()
    sent = second_step.ask(conn, shop(), one, at.customer_id or 0, purpose, at.path_prefix, now(),
                           subject=subject, locale=language_of(one.locale))  # fmt: skip
    if not sent:
        raise TooMany("Too many links within the hour", 60 * A_MINUTE)
