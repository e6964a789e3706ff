"""What members do beside redeeming: activities, their profile, joining, leaving, having a code shown.

Each carries the key of an answer; the same key again is the same act, and says the same.
"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities import record_activity
from plugin.actions.activities.record_activity import Recorded
from plugin.actions.members import enrol_member, keep_profile, leave_programme, second_step
from plugin.actions.rewards.redeem_points import denied
from plugin.errors import BadInput, Closed, Outdated, TooMany
from plugin.rules import subjects
from plugin.rules.activities import judging
from plugin.rules.types import Buyer, Reason
from plugin.rules.words.own_words import names_of
from plugin.rules.words.texts import Said
from plugin.store.members import profiles
from plugin.store.members.members import Member
from plugin.web.current import acting, now, shop, transaction
from plugin.web.shopper import earn, own_rewards
from plugin.web.shopper.api.act_shapes import AnswerIn, ProfileIn
from plugin.web.shopper.api.asking import answer, body, insist_on, member, new_key, once
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads import activities
from plugin.web.shopper.api.shapes import Done, KeyIn
from plugin.web.shopper.api.told import to_shopper
from plugin.web.shopper.page import Shopper, as_shopper, language_of, member_behind, path_prefix, visit

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
        made = _answered_already(conn, shopper, activity_id, key)
        if made is None:
            activity = earn.doable(conn, activity_id)
            made = record_activity.record(
                conn, shop(), shopper.member.id, activity.id, key, now(), "shopper", now(), kinds=earn.OFFERED
            )
        return _thanks(conn, shopper, made.record.points)


def _answered_already(conn: Connection, shopper: Shopper, activity_id: str, key: str) -> Recorded | None:
    """The points of questions that were answered before there were any; None for others. Denied: given before."""
    asked = keep_profile.asked(shopper.version.programme)
    one = shopper.member.id
    if asked is None or asked.id != activity_id or not keep_profile.complete(asked, profiles.of(conn, shop().id, one)):
        return None
    fresh = once(conn, key)
    made = record_activity.record(
        conn, shop(), one, asked.id, str(subjects.Member(one)), now(), "shopper", now(), kinds=(asked.kind,)
    )
    if made.repeated and fresh:
        raise denied(Reason("activity_once"), shopper.points_name)
    return made


def _key() -> str:
    asked = body(KeyIn)
    insist_on(asked.key)
    return asked.key


def _thanks(conn: Connection, shopper: Shopper, points: int, then: str = "") -> Response:
    told = to_shopper(shopper)
    thanks = told.say("shopper.earn.thanks", points=told.points(points).text)
    return _done(conn, shopper, f"{thanks} {then}".strip(), points)


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
            _birthday(conn, shopper, asked.birthday.month, asked.birthday.day)
        if asked.answers:
            _answers(conn, shopper, asked.answers)
        if asked.birthday is not None or asked.answers:
            made = keep_profile.reward_profile(conn, shop(), shopper.member.id, now())
            points = made.record.points if made is not None else None
        then = "" if asked.birthday is None else activities.of_birthday(conn, shopper, told)
        if points is not None:
            return _thanks(conn, shopper, points, then)
        kept = "shopper.shared.saved" if asked.birthday is None else "shopper.earn.birthday_kept"
        return _done(conn, shopper, f"{told.say(kept)} {then}".strip())


def _birthday(conn: Connection, shopper: Shopper, month: int, day: int) -> None:
    if not judging.possible(month, day):
        raise BadInput(Said("members.error.no_day"), {"birthday": Said("members.error.birthday")})
    keep_profile.set_birthday(conn, shop(), shopper.member.id, (month, day), "shopper", now())


def _answers(conn: Connection, shopper: Shopper, said: list[AnswerIn]) -> None:
    """Keep them; Outdated where the shop asks something else by now."""
    asked, names = keep_profile.asked(shopper.version.programme), names_of(shopper.points_name)
    places = {names("question", each): place for place, each in enumerate(asked.questions)} if asked is not None else {}
    if any(one.question not in places for one in said):
        raise Outdated("The shop's questions have changed", "expired_page")
    keep_profile.answer(conn, shop(), shopper.member.id, {places[one.question]: one.answer for one in said}, now())


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
    sent = second_step.ask(conn, shop(), one, at.customer_id or 0, purpose, path_prefix(), now(),
                           subject=subject, locale=language_of(one.locale))  # fmt: skip
    if not sent:
        raise TooMany("Too many links within the hour", 60 * A_MINUTE)
