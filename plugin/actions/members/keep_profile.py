"""What a member says of themselves: the birthday (day and month, never the year), and answers to the shop's questions.

Both are written to the customer in Shopify, where the merchant's other tools find them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.activities import record_activity
from plugin.actions.activities.record_activity import Recorded
from plugin.actions.rewards.redeem_points import denied
from plugin.errors import BadInput, Denied, NotFound
from plugin.rules import subjects
from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import Profile as ProfileActivity
from plugin.rules.names import staff_log
from plugin.rules.programme import Programme
from plugin.rules.words.texts import Said
from plugin.store.members import members, profiles
from plugin.store.members.profiles import Profile
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind

LONGEST_ANSWER = 200


def set_birthday(
    conn: Connection, shop: Shop, member_id: int, born: tuple[int, int] | None, actor: str, now: datetime
) -> bool:
    """Keep the birthday, and say whether it is new. Denied: members change theirs once a year; staff always may."""
    _locked(conn, shop.id, member_id)
    before = profiles.of(conn, shop.id, member_id)
    by_staff = actor != "shopper"
    if born is None and not by_staff:
        raise BadInput(Said("members.error.no_day"), {"birth_day": Said("members.error.birthday")})
    if (before.month, before.day) == (born or (None, None)):
        return False
    why = None if by_staff else rules.change_refusal(before.born(shop.zone), shop.day(now))
    if why:
        raise denied(why, programmes.current(conn, shop.id, now).programme.points_name)
    profiles.set_birthday(conn, shop.id, member_id, born, now, by_staff=by_staff)
    jobs.queue(conn, shop.id, JobKind.PUSH_PROFILE, [member_id], now)
    if by_staff:
        activity_pages.note_staff_act(conn, shop.id, actor, "set_birthday", str(staff_log.Member(member_id)), {}, now)
    return True


def _locked(conn: Connection, shop_id: int, member_id: int) -> None:
    member = members.by_ids(conn, shop_id, [member_id], lock=True).get(member_id)
    if member is None or member.state not in ("member", "guest"):
        raise NotFound(Said("members.error.no_member"))


def answer(conn: Connection, shop: Shop, member_id: int, answers: Mapping[int, str], now: datetime) -> None:
    """Keep what is answered of the programme's questions, by their places, the first being 0."""
    _locked(conn, shop.id, member_id)
    activity = asked(programmes.at(programmes.versions(conn, shop.id), now).programme)
    if activity is None:
        raise NotFound("There are no questions to answer.")
    said = {question: text[:LONGEST_ANSWER] for place, question in enumerate(activity.questions)
            if (text := answers.get(place))}  # fmt: skip
    if said:
        profiles.set_answers(conn, shop.id, member_id, said)
        jobs.queue(conn, shop.id, JobKind.PUSH_PROFILE, [member_id], now)


def asked(programme: Programme) -> ProfileActivity | None:
    """The activity that asks questions, if the programme has one that is not paused."""
    return next((one for one in programme.activities if isinstance(one, ProfileActivity) and one.active), None)


def complete(activity: ProfileActivity, known: Profile) -> bool:
    """Whether everything that it asks is answered."""
    return all(known.answers.get(each) for each in activity.questions) and (
        not activity.birthday or known.month is not None
    )


def reward_profile(conn: Connection, shop: Shop, member_id: int, now: datetime) -> Recorded | None:
    """Points for a profile that is complete, once; None where it is not, or they are not given now."""
    activity = asked(programmes.at(programmes.versions(conn, shop.id), now).programme)
    if activity is None or not complete(activity, profiles.of(conn, shop.id, member_id)):
        return None
    key = str(subjects.Member(member_id))
    try:
        found = record_activity.record(
            conn, shop, member_id, activity.id, key, now, "shopper", now, kinds=(activity.kind,)
        )
    except Denied:
        return None
    return None if found.repeated else found
