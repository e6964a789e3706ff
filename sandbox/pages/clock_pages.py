"""The page that moves the clock: a day or a minute at a time, so that what comes due is done when it comes due."""

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
MINUTES = {"10": "ten minutes"}
MOST_DAYS = 1100
MOST_MINUTES = 60
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WAIT_SECONDS = 90.0
_JOURNEYS: WeakKeyDictionary[Sandbox, Journey] = WeakKeyDictionary()


@dataclass
class Journey:
    """How many steps are still to go, and how long each is."""

    left: int = 0
    step: timedelta = DAY
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def to_go(self) -> str:
        """What is left of it, in words; empty for nothing."""
        unit = "day" if self.step == DAY else "minute"
        return f"{self.left} {unit}{'' if self.left == 1 else 's'}" if self.left else ""

    def begin(self, days: int, stopping: threading.Event) -> None:
        """Set out; ValueError while one is under way, or for a day that has passed."""
        if not 0 < days <= MOST_DAYS:
            raise ValueError(f"The clock goes forward only, and at most {MOST_DAYS} days at once.")
        self._begin(days, DAY, stopping)

    def begin_minutes(self, minutes: int, stopping: threading.Event) -> None:
        """The same, by minutes: for what waits a few of them."""
        if not 0 < minutes <= MOST_MINUTES:
            raise ValueError(f"The clock goes forward only, and at most {MOST_MINUTES} minutes at once.")
        self._begin(minutes, MINUTE, stopping)

    def _begin(self, steps: int, step: timedelta, stopping: threading.Event) -> None:
        with self.lock:
            if self.left:
                raise ValueError("The clock is moving already.")
            if not clock.movable():
                raise ValueError("The clock moves only in `make demo`.")
            self.left, self.step = steps, step
        threading.Thread(target=self._go, args=(stopping,), name="clock", daemon=True).start()

    def _go(self, stopping: threading.Event) -> None:
        while self.left and not stopping.is_set():
            clock.move(self.step)
            _wait_for_the_worker(stopping)
            self.left -= 1


def _wait_for_the_worker(stopping: threading.Event) -> None:
    """Until the app has done what the new day, or minute, brings."""
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
            "clock.html", options=box.options, now=_local(box), steps=STEPS, minutes=MINUTES, to_go=journey.to_go,
            ahead=clock.ahead().days, movable=clock.movable(),
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
    if asked.get("minutes"):
        journey.begin_minutes(int(str(asked["minutes"])), box.stopping)
    else:
        journey.begin(_days(box, asked), box.stopping)


def _local(box: Sandbox) -> datetime:
    """Now, as the first shop's clock on the wall shows it."""
    shops = list(box.world.shops.values())
    return clock.now().astimezone(ZoneInfo(shops[0].settings["timezone"] if shops else "UTC"))


def _days(box: Sandbox, asked: dict[str, Any]) -> int:
    if asked.get("to"):
        return (datetime.fromisoformat(str(asked["to"])).date() - _local(box).date()).days
    return int(asked.get("days") or 0)
