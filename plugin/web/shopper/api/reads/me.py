"""Who asks, and what they have: balance, what is coming and ending, tier, birthday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Literal

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities import ask_survey
from plugin.actions.members.leave_programme import LEFT
from plugin.actions.referrals import claim_referral
from plugin.rules.activities import judging
from plugin.rules.points.lots import Lot, spendable
from plugin.rules.retention.survey import OPEN_FOR
from plugin.rules.rewards.next_reward import next_reward
from plugin.store.members import profiles
from plugin.store.members.members import Member
from plugin.store.members.profiles import Profile
from plugin.store.points import ledger
from plugin.store.reports import survey_answers
from plugin.store.versions import programmes
from plugin.web.current import now, shop, transaction
from plugin.web.shopper import earn, tier
from plugin.web.shopper.api.asking import answer, new_key
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads.programme import programme_of
from plugin.web.shopper.api.reads.questions import question
from plugin.web.shopper.api.shapes import Me, SurveyAsked
from plugin.web.shopper.api.told import Told, to_anybody, to_shopper
from plugin.web.shopper.api.values import Aim, Born, Dated, MemberNow, TierNow
from plugin.web.shopper.api.values import Programme as ShownProgramme
from plugin.web.shopper.page import Shopper, as_shopper, member_behind, visit, words
from plugin.web.shopper.tier import Goal
from plugin.web.shown import zone

DATES_SHOWN = 12
State = Literal["guest", "unknown", "member", "left"]


def register(app: Flask) -> None:
    """Add the call."""
    for_shoppers(app, "/me", me)


def me() -> Response:
    """Who asks, as far as Shopify says and we know, and what they have."""
    with transaction() as conn:
        member = member_behind(conn)
        if member is None or member.state == LEFT:
            return answer(_without(conn, member))
        shopper = as_shopper(conn, member)
        told = to_shopper(shopper)
        has = member_now(conn, shopper, told)
        asked = survey_answers.newest_open(conn, shop().id, member.id, now() - OPEN_FOR)
        gives = ask_survey.points_for(conn, shop(), now()) if asked is not None else None
        survey = question(asked, gives, told) if asked is not None and asked.answered_at is None else None
        return answer(_me("member", told, programme_of(conn, shopper.version.programme, told), has, survey))


def _without(conn: Connection, left: Member | None) -> Me:
    """For a guest, for a customer whom we do not know, and for a member who has left."""
    current = programmes.current(conn, shop().id, now()).programme
    told = to_anybody(words(conn, current, left.locale if left else ""), left.locale if left else "")
    if left is not None:
        return _me("left", told, programme_of(conn, current, told))
    return _me("guest" if visit().customer_id is None else "unknown", told, programme_of(conn, current, told))


def _me(
    state: State,
    told: Told,
    programme: ShownProgramme,
    member: MemberNow | None = None,
    survey: SurveyAsked | None = None,
) -> Me:
    return Me(
        state=state, key=new_key(), locale=str(told.locale).replace("_", "-"),
        right_to_left=told.locale.text_direction == "rtl", programme=programme, member=member,
        survey=survey,
    )  # fmt: skip


def member_now(conn: Connection, shopper: Shopper, told: Told) -> MemberNow:
    """What a member has, for themselves and for staff."""
    member = shopper.member
    lots = ledger.open_lots(conn, shop().id, [member.id], now()).get(member.id, [])
    profile = profiles.of(conn, shop().id, member.id)
    asked = _birthday_asked(shopper)
    born = profile.born(zone())
    standing = tier.shown(conn, shopper, told.locale, told.audience)
    return MemberNow(
        first_name=member.first_name,
        available=told.points(shopper.available),
        pending=told.points(shopper.pending),
        on_hold=told.points(shopper.on_hold),
        owed=told.points(shopper.owed) if shopper.owed else None,
        coming=coming(lots, told),
        expiring=expiring(lots, told),
        tier=tier_now(standing, told) if standing else None,
        next_reward=next_aim(shopper, told),
        birthday=_born(profile, told),
        birthday_open=asked and judging.change_refusal(born, shop().day(now())) is None,
        birthday_asked=asked,
        invites=claim_referral.may_invite(conn, shop(), member, now()),
        emails=not member.no_emails,
        joined=told.day(member.joined_at),
    )


def coming(lots: Iterable[Lot], told: Told) -> list[Dated]:
    """Points that cannot be spent yet, by the day from which they can."""
    found: dict[date, int] = defaultdict(int)
    for lot in lots:
        if lot.available_at > now():
            found[shop().day(lot.available_at)] += lot.left
    return [_dated(points, day, told) for day, points in sorted(found.items())[:DATES_SHOWN]]


def expiring(lots: Iterable[Lot], told: Told) -> Dated | None:
    """The points that end first, and their last day."""
    found: dict[date, int] = defaultdict(int)
    for lot in spendable(lots, now()):
        if lot.expires_at is not None:
            found[shop().last_day(lot.expires_at)] += lot.left
    return _dated(found[min(found)], min(found), told) if found else None


def _dated(points: int, day: date, told: Told) -> Dated:
    return Dated(points=told.points(points), on=told.day(day))


def tier_now(found: tier.TierShown, told: Told) -> TierNow:
    """Where the member stands, each sentence once: `news` are those that no goal has."""
    return TierNow(
        name=found.name, benefits=list(found.brings), reach=_aim(found.reach), keep=_aim(found.keep),
        until=told.day(found.until) if found.until else None, news=list(found.ends),
    )  # fmt: skip


def _aim(goal: Goal | None) -> Aim | None:
    return Aim(name=goal.tier, missing=goal.missing, share=goal.share, text=goal.text) if goal else None


def next_aim(shopper: Shopper, told: Told) -> Aim | None:
    """The cheapest reward that is still out of reach; nothing where all are within it."""
    found = next_reward(shopper.programme.to_reach, shopper.available)
    if found is None or not found.missing_points:
        return None
    missing = told.points(found.missing_points).text
    share = max(0, shopper.available) * 100 // found.cost_points
    name = found.named(shop().currency, told.locale)
    text = told.say("surface.next_reward", points=missing, reward=name)
    return Aim(name=name, missing=missing, share=share, text=text)


def _birthday_asked(shopper: Shopper) -> bool:
    programme = shopper.version.programme
    given = any(one.kind == "birthday" and one.active for one in programme.activities)
    return given or earn.asks_birthday(programme)


def _born(profile: Profile, told: Told) -> Born | None:
    if not profile.month or not profile.day:
        return None
    return Born(month=profile.month, day=profile.day, text=earn.birthday(profile, told.locale))
