"""The page with the stories, each told at the press of a button."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template

from demo.stories import STORIES
from demo.teller import Teller, begin
from sandbox import clock
from sandbox.local import Sandbox
from sandbox.pages.clock_pages import journey_of
from sandbox.pages.store_pages import back, shop_or_404

BY_KEY = {story.key: story for story in STORIES}


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the stories."""
    routes = Blueprint("stories", __name__, template_folder="templates")
    told: dict[tuple[str, str], Teller] = {}
    lock = threading.Lock()

    @routes.get("/shops/<domain>/stories")
    def shown(domain: str) -> str:
        shop = shop_or_404(box, domain)
        tellers = {key: told.get((shop.domain, key)) for key in BY_KEY}
        telling = _being_told(told)
        return render_template("stories.html", options=box.options, shop=shop, stories=STORIES, tellers=tellers,
                               telling=telling, movable=clock.movable())  # fmt: skip

    @routes.post("/shops/<domain>/stories/<key>")
    def tell(domain: str, key: str) -> Any:
        shop = shop_or_404(box, domain)
        story = BY_KEY.get(key) or abort(404)
        with lock:
            if telling := _being_told(told):
                return back(f"/shops/{shop.domain}/stories", error=f"One story at a time: “{telling}” is being told.")
            teller = told[shop.domain, key] = Teller(box, shop, journey_of(box))
            begin(story, teller)
        return back(f"/shops/{shop.domain}/stories")

    @routes.get("/shops/<domain>/stories/<key>.json")
    def state(domain: str, key: str) -> Response:
        teller = told.get((shop_or_404(box, domain).domain, key)) or abort(404)
        return jsonify({"state": teller.state, "lines": [text for text, _ in teller.lines]})

    return routes


def _being_told(told: dict[tuple[str, str], Teller]) -> str:
    """The title of the story that is being told, in whichever shop; empty when none is."""
    return next((BY_KEY[key].title for (_, key), one in tuple(told.items()) if one.state == "telling"), "")
