"""The page that moves the clock, so that what comes due is done when it comes due."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox import clock
from sandbox.local import Sandbox
from sandbox.pages.journeys import Journey
from sandbox.pages.store_pages import back
from sandbox.state import Shop

STEPS = {"1": "a day", "7": "a week", "30": "a month", "182": "half a year", "365": "a year"}
MINUTES = {"10": "ten minutes", "60": "an hour", "240": "four hours"}
_JOURNEYS: WeakKeyDictionary[Sandbox, Journey] = WeakKeyDictionary()


def journey_of(box: Sandbox) -> Journey:
    """The one journey of a sandbox."""
    return _JOURNEYS.setdefault(box, Journey(lambda: {_zone(shop) for shop in tuple(box.world.shops.values())}))


def _zone(shop: Shop) -> ZoneInfo:
    return ZoneInfo(shop.settings["timezone"])


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the clock, and what every page's header shows of it."""
    routes = Blueprint("clock", __name__)
    journey = journey_of(box)

    @routes.app_context_processor
    def shown() -> dict[str, Any]:
        return {"clock": lambda: _local(box).strftime("%a %-d %b %Y, %H:%M")}

    @routes.get("/clock")
    def page() -> str:
        return render_template(
            "clock.html", options=box.options, now=_local(box), steps=STEPS, minutes=MINUTES, to_go=journey.to_go,
            ahead=clock.ahead().days, movable=clock.movable(), due=_due(box),
        )  # fmt: skip

    @routes.post("/clock")
    def move() -> Any:
        try:
            _begin(box, journey, request.form.to_dict())
        except ValueError as error:
            return back("/clock", error=str(error))
        return back("/clock")

    @routes.get("/clock.json")
    def state() -> Response:
        return jsonify({"now": clock.now().isoformat(), "left": journey.left, "days": clock.ahead().days})

    @routes.post("/clock.json")
    def begin() -> Any:
        try:
            asked = request.get_json(silent=True)
            _begin(box, journey, asked if isinstance(asked, dict) else {})
        except ValueError as error:
            return {"error": str(error)}, 400
        return state()

    return routes


def _begin(box: Sandbox, journey: Journey, asked: dict[str, Any]) -> None:
    if asked.get("due"):
        journey.begin_to_what_is_due(box.stopping)
    elif asked.get("minutes"):
        journey.begin_minutes(int(str(asked["minutes"])), box.stopping)
    else:
        journey.begin(_days(box, asked), box.stopping)


def _local(box: Sandbox) -> datetime:
    """Now, as the first shop's clock on the wall shows it."""
    shops = list(box.world.shops.values())
    return clock.now().astimezone(_zone(shops[0]) if shops else ZoneInfo("UTC"))


def _due(box: Sandbox) -> datetime | None:
    """When the app has something to do next, by the same clock on the wall."""
    due = clock.next_due() if clock.movable() else None
    return due.astimezone(_local(box).tzinfo) if due and due > clock.now() else None


def _days(box: Sandbox, asked: dict[str, Any]) -> int:
    if asked.get("to"):
        return (datetime.fromisoformat(str(asked["to"])).date() - _local(box).date()).days
    return int(asked.get("days") or 0)
