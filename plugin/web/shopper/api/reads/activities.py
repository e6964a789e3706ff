"""Ways to earn as the member stands with each: to be done now, done, waited for, or coming by itself."""

from __future__ import annotations

from typing import Literal

from flask import Flask, Response

from plugin.rules.activities.activity_rules import Social
from plugin.rules.types import Reason
from plugin.store.members import profiles
from plugin.web.current import shop, transaction
from plugin.web.shopper.api.asking import answer, member, new_key
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads.programme import earns
from plugin.web.shopper.api.shapes import Activities, Activity
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.earn import OFFERED, Way, ways

DONE = ("activity_once", "activity_total")
State = Literal["open", "waits", "done", "automatic"]
_HOW = {
    "birthday": "shopper.api.birthday_missing",
    "anniversary": "shopper.earn.each_year",
    "visit": "shopper.earn.look_for_link",
    "newsletter": "shopper.earn.subscribe",
}


def register(app: Flask) -> None:
    """Add the call."""
    for_shoppers(app, "/activities", activities)


def activities() -> Response:
    """Every way to earn that is offered now or was done."""
    with transaction() as conn:
        shopper = member(conn)
        found = ways(conn, shopper, profiles.of(conn, shop().id, shopper.member.id))
    told = to_shopper(shopper)
    rows = [_activity(one, told) for one in found]
    return answer(Activities(key=new_key(), orders=earns(shopper.version.programme, told), activities=rows))


def _activity(way: Way, told: Told) -> Activity:
    """A visit is done on its own page, whose word only its link says: nothing here tells it."""
    one = way.activity
    return Activity(
        id=one.id, kind=one.kind, name=one.name, gives=f"+{told.points(one.points).text}", state=_state(way),
        text=" ".join(filter(None, (one.note, _text(way, told)))), link=one.url if isinstance(one, Social) else None,
    )  # fmt: skip


def _state(way: Way) -> State:
    if way.why is not None:
        return "done" if way.why.code in DONE else "waits"
    if way.activity.kind in OFFERED and way.activity.kind != "visit":
        return "open"
    return "waits" if _by_the_member(way) else "automatic"


def _by_the_member(way: Way) -> bool:
    """Whether the member has to do something first, elsewhere: a day, answers, a page of the shop."""
    return way.activity.kind in ("profile", "visit") or (way.activity.kind == "birthday" and way.day is None)


def _text(way: Way, told: Told) -> str:
    if way.why is not None:
        return told.because(way.why)
    if way.day is not None:
        waits = [told.because(reason) for reason in _reasons(way.waits)]
        return " ".join((*waits, told.say("shopper.earn.birthday_on", day=told.day(way.day).text)))
    key = _HOW.get(way.activity.kind)
    return told.say(key) if key else ""


def _reasons(one: Reason | None) -> list[Reason]:
    return [] if one is None else [one]
