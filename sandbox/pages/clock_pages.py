"""The page that moves the clock: a day at a time, so that every day's work is done on its day."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox import clock
from sandbox.local import Sandbox
from sandbox.pages.store_pages import back

STEPS = {"1": "a day", "7": "a week", "30": "a month", "182": "half a year", "365": "a year"}
MOST_DAYS = 1100
WAIT_SECONDS = 90.0
_JOURNEYS: WeakKeyDictionary[Sandbox, Journey] = WeakKeyDictionary()


@dataclass
class Journey:
    """How many days are still to go."""

    left: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, days: int, stopping: threading.Event) -> None:
        """Set out; ValueError while one is under way, or for a day that has passed."""
        with self.lock:
            if self.left:
                raise ValueError("The clock is moving already.")
            if not 0 < days <= MOST_DAYS:
                raise ValueError(f"The clock goes forward only, and at most {MOST_DAYS} days at once.")
            if not clock.movable():
                raise ValueError("The clock moves only in `make demo`.")
            self.left = days
        threading.Thread(target=self._go, args=(stopping,), name="clock", daemon=True).start()

    def _go(self, stopping: threading.Event) -> None:
        while self.left and not stopping.is_set():
            clock.move(timedelta(days=1))
            _wait_for_the_worker(stopping)
            self.left -= 1


def _wait_for_the_worker(stopping: threading.Event) -> None:
    """Until the app has done what the new day brings."""
    until = time.monotonic() + WAIT_SECONDS
    while clock.seen() not in (None, clock.ahead()) and time.monotonic() < until:
        stopping.wait(0.05)


def journey_of(box: Sandbox) -> Journey:
    """The one journey of a sandbox."""
    return _JOURNEYS.setdefault(box, Journey())


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
            "clock.html", options=box.options, now=_local(box), steps=STEPS, left=journey.left,
            ahead=clock.ahead().days, movable=clock.movable(),
        )  # fmt: skip

    @routes.post("/clock")
    def move() -> Any:
        try:
            journey.begin(_days(box, request.form.to_dict()), box.stopping)
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
            journey.begin(_days(box, asked if isinstance(asked, dict) else {}), box.stopping)
        except ValueError as error:
            return {"error": str(error)}, 400
        return state()

    return routes


def _local(box: Sandbox) -> datetime:
    """Now, as the first shop's clock on the wall shows it."""
    shops = list(box.world.shops.values())
    return clock.now().astimezone(ZoneInfo(shops[0].settings["timezone"] if shops else "UTC"))


def _days(box: Sandbox, asked: dict[str, Any]) -> int:
    if asked.get("to"):
        return (datetime.fromisoformat(str(asked["to"])).date() - _local(box).date()).days
    return int(asked.get("days") or 0)
