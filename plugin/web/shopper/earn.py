"""Ways to earn: what the shopper can do, what is done already and when again, and what the shop may know of them.

Plain forms, without scripts and cookies. Nothing is given by following a link: a browser may follow it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from babel import Locale
from babel.dates import format_skeleton, get_month_names
from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.activities import offered, record_activity
from plugin.actions.members import keep_profile
from plugin.actions.rewards.standings import tier_of
from plugin.errors import BadInput, Denied, NotFound
from plugin.rules import formats
from plugin.rules.activities import activity_rules
from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import NETWORKS, Activity, Birthday, Visit
from plugin.rules.activities.activity_rules import Profile as Questions
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import Programme
from plugin.rules.subjects import Welcome
from plugin.rules.types import Reason
from plugin.rules.words.campaigns import more_now
from plugin.rules.words.own_names import activity_in
from plugin.rules.words.own_words import Names, names_of
from plugin.rules.words.ways import how
from plugin.store.activities import activities
from plugin.store.members import profiles
from plugin.store.members.profiles import Profile
from plugin.store.points import ledger
from plugin.store.versions import programmes
from plugin.web.auth import caller
from plugin.web.current import acting, now, parts, shop, transaction
from plugin.web.forms.members import profile as profile_form
from plugin.web.shopper import named, proxy
from plugin.web.shopper.page import (
    Shopper,
    in_words,
    language_of,
    members_sayer,
    page,
    sayer,
    shopper_of,
    signed_in,
    visit,
)
from plugin.web.shopper.programme import signed_out
from plugin.web.shown import zone

OFFERED = ("social", "visit")
"""The kinds that a shopper does here, one by one."""


@dataclass(frozen=True)
class Way:
    """One way to earn. `why`: why not now; `day`: when it comes by itself; `waits`: why not sooner; `points`: what it
    brings this member."""

    activity: Activity
    points: int
    why: Reason | None
    day: date | None = None
    waits: Reason | None = None


def register(app: Flask) -> None:
    """Add the routes; Shopify calls them for /apps/suki/… of each shop."""
    app.add_url_rule("/proxy/earn", "shopper_earn", overview)
    app.add_url_rule("/proxy/earn/birthday", "shopper_birthday", save_birthday, methods=["POST"])
    app.add_url_rule("/proxy/earn/profile", "shopper_profile", save_profile, methods=["POST"])
    app.add_url_rule("/proxy/earn/<name>", "shopper_activity", one)
    app.add_url_rule("/proxy/earn/<name>", "shopper_do_activity", do, methods=["POST"])


@caller("proxy")
def overview() -> Response:
    """Every way to earn, with the forms for the birthday and the shop's questions."""
    return _overview()


def _overview(said: str = "", problem: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        shopper = shopper_of(conn)
        if shopper is None:
            return signed_out(conn, status)
        profile = profiles.of(conn, shop().id, shopper.member.id)
        found = ways(conn, shopper, profile)
        welcome, _ = ledger.sum_of(conn, shop().id, shopper.member.id, str(Welcome()))
    programme, names = shopper.programme, names_of(shopper.points_name)
    locale = formats.reader_locale(language_of(shopper.member.locale))
    answers = named.answers(profile, names)
    born, say = profile.born(zone()), sayer(shopper.member.locale)
    return page(
        "earn.html", shopper.member.locale, status, shopper=shopper, points_name=shopper.points_name, said=said,
        problem=problem, ways=_named(found, names), welcome=welcome, earning=programme.earning, profile=answers,
        asked=keep_profile.asked(programme), months=list(get_month_names("wide", locale=locale).items()),
        wants_birthday=any(way.activity.kind == "birthday" for way in found) or asks_birthday(programme),
        days_before=max((way.activity.waiting_days for way in found if isinstance(way.activity, Birthday)), default=0),
        locked=rules.change_refusal(born, _today()), spend=spend(programme, locale),
        birthday=birthday(profile, locale), on=partial(formats.long_date, locale=locale), how=partial(how, say=say),
        ready=any(is_complete(way, profile) for way in found),
        more=more_now(programme, shop().currency, zone(), locale, now()),
    )  # fmt: skip


def spend(programme: Programme, locale: Locale) -> str:
    """The amount that the points of the plain rate are for."""
    currency = shop().currency
    return formats.money(to_minor(programme.earning.per_amount, minor_digits(currency)), currency, locale)


def birthday(profile: Profile, locale: Locale) -> str:
    """Day and month as the reader's language puts them; of a leap day, too."""
    if not profile.day or not profile.month:
        return ""
    return format_skeleton("MMMMd", date(2024, profile.month, profile.day), locale=locale)


def asks_birthday(programme: Programme) -> bool:
    """Whether the day is one of the shop's questions."""
    asked = keep_profile.asked(programme)
    return asked is not None and asked.birthday


def _today() -> date:
    return now().astimezone(zone()).date()


def ways(conn: Connection, shopper: Shopper, profile: Profile) -> list[Way]:
    """What is offered or was done; what is paused or over is not shown."""
    given = activities.given(conn, shop().id, [shopper.member.id]).get(shopper.member.id, {})
    tier = tier_of(conn, shop().id, shopper.member.id)
    found = []
    for activity in offered.offered(conn, shop(), shopper.version.programme):
        times = given.get(activity_rules.counted_as(activity), [])
        why = rules.refusal(activity, now(), times, zone())
        if why is None and offered.is_our_question(shop(), activity):
            if not offered.is_asked(conn, shop(), shopper.member.id, now()):
                continue
            why = offered.given_this_month(conn, shop(), activity, shopper.member.id, now())
        if why is None or why.code not in ("activity_paused", "activity_over", "activity_not_yet"):
            way = Way(activity, activity_rules.points_for(activity, tier), why)
            found.append(_with_day(way, shopper, profile, [at.astimezone(zone()).date() for at in times]))
    return found


def _named(found: list[Way], names: Names) -> list[Way]:
    return [replace(way, activity=activity_in(way.activity, names)) for way in found]


def is_complete(way: Way, profile: Profile) -> bool:
    """Whether all is answered that this asks, and its points are to be had: they came later than the answers."""
    return way.why is None and isinstance(way.activity, Questions) and keep_profile.complete(way.activity, profile)


def _with_day(way: Way, shopper: Shopper, profile: Profile, given: list[date]) -> Way:
    born = profile.born(zone())
    if not isinstance(way.activity, Birthday) or born is None:
        return way
    joined = shopper.member.joined_at.astimezone(zone()).date()
    about = (way.activity, born, _today(), joined, given)
    return replace(way, day=rules.next_birthday(*about), waits=rules.waits(*about))


@caller("proxy")
def one(name: str) -> Response:
    """One thing to do: the link to it, and the button that says it is done."""
    with transaction() as conn:
        if shopper_of(conn) is None:
            return signed_out(conn)
        shopper = signed_in(conn)
        activity = doable(conn, name)
        times = activities.times(conn, shop().id, shopper.member.id, activity_rules.counted_as(activity))
    why = rules.refusal(activity, now(), times, zone())
    activity = activity_in(activity, names_of(shopper.points_name))
    return page("earn_one.html", shopper.member.locale, activity=activity, why=why, name=name, networks=NETWORKS,
                points_name=shopper.points_name)  # fmt: skip


def doable(conn: Connection, name: str) -> Activity:
    """The activity of this address: one with a word answers to that alone, so that nobody finds the page by its id."""
    version = programmes.at(programmes.versions(conn, shop().id), now())
    activity = activity_rules.find(version.programme.activities, name)
    if activity is None or activity.kind not in OFFERED or (isinstance(activity, Visit) and activity.word != name):
        raise NotFound("We couldn't find that way to earn.")
    return activity


@caller("proxy")
def do(name: str) -> Response:
    """It is done: give the points. The form's key makes a second click the same one."""
    key = request.form.get("key", "")
    if not proxy.known_key(parts().settings, visit(), key):
        return _too_old()
    try:
        with acting() as conn:
            shopper = signed_in(conn)
            activity = doable(conn, name)
            made = record_activity.record(
                conn, shop(), shopper.member.id, activity.id, key, now(), "shopper", now(), kinds=OFFERED
            )
    except Denied as error:
        return _overview(problem=in_words(Reason(error.code, error.values)), status=422)
    return _overview(said=_more_for(shopper, made.record.points))


def _more_for(shopper: Shopper, points: int) -> str:
    say, locale = sayer(shopper.member.locale), formats.reader_locale(language_of(shopper.member.locale))
    shown = formats.points(points, shopper.points_name, locale)
    return say("shopper.earn.thanks", points=shown)


@caller("proxy")
def save_birthday() -> Response:
    """Keep the day and the month."""
    say = members_sayer()
    if not proxy.known_key(parts().settings, visit(), request.form.get("key", "")):
        return _too_old()
    try:
        with acting() as conn:
            member = signed_in(conn).member
            born = profile_form.birthday(request.form)
            keep_profile.set_birthday(conn, shop(), member.id, born, "shopper", now())
            keep_profile.reward_profile(conn, shop(), member.id, now())
    except Denied as error:
        return _overview(problem=in_words(Reason(error.code, error.values)), status=422)
    except BadInput:
        return _overview(problem=say("shopper.earn.no_such_day"), status=422)
    return _overview(said=say("shopper.earn.birthday_kept"))


@caller("proxy")
def save_profile() -> Response:
    """Keep the answers; when all are there, the points come."""
    say = members_sayer()
    if not proxy.known_key(parts().settings, visit(), request.form.get("key", "")):
        return _too_old()
    with acting() as conn:
        shopper = signed_in(conn)
        keep_profile.answer(conn, shop(), shopper.member.id, profile_form.answers(request.form), now())
        made = keep_profile.reward_profile(conn, shop(), shopper.member.id, now())
    if made is not None:
        return _overview(said=_more_for(shopper, made.record.points))
    return _overview(said=say("shopper.shared.saved"))


def _too_old() -> Response:
    words = members_sayer()("shopper.shared.expired_unchanged")
    return _overview(problem=words, status=422)
