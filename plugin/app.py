"""The web process: webhooks go straight to the intake, everything else to Flask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from plugin.actions.shops.tokens import AdminClients
from plugin.settings import Settings, load_settings
from plugin.store.database import db
from plugin.web import errors, gate, panel, status
from plugin.web.api import calls, description
from plugin.web.current import KEY, Parts, present
from plugin.web.shopper import confirm, earn, friends, own, redeem, referral, rewards, trouble
from plugin.web.shopper.api import calls as surface_calls
from plugin.web.shopper.emails import counted, preferences
from webhooks.bounces.receive import PATH as BOUNCES_PATH
from webhooks.bounces.receive import Bounces
from webhooks.receive import Intake

WEBHOOKS_PATH = "/webhooks"
MAX_FORM_BYTES = 256 * 1024

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Clock = Callable[[], datetime]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]


def create_app(settings: Settings, engine: Engine, clock: Clock = present) -> Flask:
    """The Flask part: the panel, and what operators ask."""
    app = Flask("plugin.web", static_folder=None, template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.url_map.merge_slashes = False  # it answers with a redirect that repeats the signed query
    app.extensions[KEY] = Parts(settings, engine, AdminClients.of(settings), clock)
    gate.guard(app)
    errors.register(app)
    status.register(app)
    panel.register(app)
    rewards.register(app)
    redeem.register(app)
    trouble.register(app)
    earn.register(app)
    referral.register(app)
    friends.register(app)
    own.register(app)
    confirm.register(app)
    preferences.register(app)
    counted.register(app)
    calls.register(app)
    description.register(app)
    surface_calls.register(app)
    return app


def front(settings: Settings, engine: Engine, clock: Clock = present) -> Wsgi:
    """One callable for the server: `/webhooks` without the framework's cost, the rest through Flask."""
    flask = create_app(settings, engine, clock)
    intake = Intake(settings, lambda: db.libpq_url(settings), clock)
    bounces = Bounces(settings, engine, clock)

    def route(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == WEBHOOKS_PATH:
            return intake(environ, start_response)
        if environ.get("PATH_INFO", "").startswith(BOUNCES_PATH):
            return bounces(environ, start_response)
        return flask(environ, start_response)

    return route


class Application:
    """Built by the first request in each process: a server may import this before it forks."""

    def __init__(self, clock: Clock = present) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._front: Wsgi | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self._front is None:
            with self._lock:
                self._front = self._front or self._build()
        return self._front(environ, start_response)

    def _build(self) -> Wsgi:
        settings = load_settings()
        return front(settings, db.create_engine(settings, "suki-web"), self._clock)


application = Application()
