"""Ways to earn as the member stands with each: to be done now, done, waited for, or coming by itself."""

from __future__ import annotations

from typing import Literal

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.rules.activities.activity_rules import Activity as Kind
from plugin.rules.activities.activity_rules import Birthday, Profile, Social
from plugin.rules.types import Reason
from plugin.rules.words.own_names import activity_in
from plugin.rules.words.texts import gained
from plugin.rules.words.ways import how
from plugin.store.members import profiles
from plugin.store.members.profiles import Profile as Known
from plugin.web.current import shop, transaction
from plugin.web.shopper.api.asking import answer, member, new_key
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads.programme import earns
from plugin.web.shopper.api.shapes import Activities, Activity, Question
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.earn import Way, is_complete, ways
from plugin.web.shopper.page import Shopper, address

DONE = ("activity_once", "activity_total")
State = Literal["open", "asks", "waits", "done", "automatic"]


def register(app: Flask) -> None:
    """Add the call."""
    for_shoppers(app, "/activities", activities)


def activities() -> Response:
    """Every way to earn that is offered now or was done."""
    with transaction() as conn:
        shopper = member(conn)
        known = profiles.of(conn, shop().id, shopper.member.id)
        found = ways(conn, shopper, known)
    told = to_shopper(shopper)
    rows = [_activity(one, known, told) for one in found]
    return answer(Activities(key=new_key(), orders=earns(shopper.version.programme, told), activities=rows))


def _activity(way: Way, known: Known, told: Told) -> Activity:
    """A visit is done on its own page, whose word only its link says: nothing here tells it."""
    one, state = activity_in(way.activity, told.named), _state(way, known)
    asks = state == "asks"
    return Activity(
        id=one.id, kind=one.kind, name=one.name, gives=gained(told.locale, way.points, told.points_name), state=state,
        text=" ".join(filter(None, (one.note, _text(way, state, told)))), link=_link(way, state),
        questions=_questions(way.activity, known, told) if asks and isinstance(one, Profile) else [],
        asks_birthday=asks and known.month is None and (isinstance(one, Birthday) or getattr(one, "birthday", False)),
    )  # fmt: skip


def _questions(one: Kind, known: Known, told: Told) -> list[Question]:
    asked = one.questions if isinstance(one, Profile) else ()
    return [Question(question=told.named("question", each), answer=known.answers.get(each, "")) for each in asked]


def _state(way: Way, known: Known) -> State:
    if way.why is not None:
        return "done" if way.why.code in DONE else "waits"
    kind = way.activity.kind
    if kind == "social" or is_complete(way, known):
        return "open"
    if kind == "profile" or (kind == "birthday" and way.day is None):
        return "asks"
    return "waits" if kind == "visit" else "automatic"


def _link(way: Way, state: State) -> str | None:
    """Where it is done: elsewhere, or on our own page of the storefront."""
    if state == "asks":
        return address("/earn")
    return way.activity.url if isinstance(way.activity, Social) else None


def _text(way: Way, state: State, told: Told) -> str:
    if way.why is not None:
        return told.because(way.why)
    if way.day is not None:
        waits = [told.because(reason) for reason in _reasons(way.waits)]
        return " ".join((*waits, told.say("shopper.earn.birthday_on", day=told.day(way.day).text)))
    if state == "open" and isinstance(way.activity, Profile):
        return told.say("shopper.earn.how.answered")
    return how(way.activity, told.say)


def of_birthday(conn: Connection, shopper: Shopper, told: Told) -> str:
    """When the birthday that was entered brings something, and why not sooner; empty where it brings nothing."""
    profile = profiles.of(conn, shop().id, shopper.member.id)
    found = (way for way in ways(conn, shopper, profile) if way.activity.kind == "birthday" and way.day is not None)
    return next((_text(way, "automatic", told) for way in found), "")


def _reasons(one: Reason | None) -> list[Reason]:
    return [] if one is None else [one]
