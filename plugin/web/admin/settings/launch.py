"""Launch the programme, and pause parts of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import launch_programme
from plugin.rules.reach import Pause
from plugin.store.shops import launches
from plugin.web.admin.frame.layout import go, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction


@dataclass(frozen=True, slots=True)
class Part:
    """What can be paused, by the keys of its words."""

    name: str
    stops: str
    pause: str
    resume: str


PARTS: Final[Mapping[Pause, Part]] = {
    Pause.EARNING: Part(
        "settings.launch.earning",
        "settings.launch.earning_stops",
        "settings.launch.pause_earning",
        "settings.launch.resume_earning",
    ),
    Pause.SPENDING: Part(
        "settings.launch.spending",
        "settings.launch.spending_stops",
        "settings.launch.pause_spending",
        "settings.launch.resume_spending",
    ),
    Pause.MAILS: Part(
        "settings.launch.mails",
        "settings.launch.mails_stops",
        "settings.launch.pause_mails",
        "settings.launch.resume_mails",
    ),
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/launch", "launch", show)
    app.add_url_rule("/app/settings/launch", "launch_programme", launch, methods=["POST"])
    app.add_url_rule("/app/settings/launch/pause", "pause_programme", pause, methods=["POST"])


@caller("session", reads="members")
def show() -> Response:
    """Whether it is launched, what is paused, and who are test members."""
    with transaction() as conn:
        since = launches.paused_since(conn, shop().id)
        trying = launches.test_members(conn, shop().id)
        reading("members", len(trying))
    return page("admin/settings/launch.html", since=since, trying=trying, parts=PARTS)


@caller("session", role="manager")
def launch() -> AnyResponse:
    """Launch it, once that was confirmed."""
    if not request.form.get("confirmed"):
        return go("launch", done="nothing_chosen")
    with transaction() as conn:
        launch_programme.launch(conn, shop(), staff().actor, now())
    return go("home", done="launched")


@caller("session", role="manager")
def pause() -> AnyResponse:
    """Pause one part, or resume it."""
    act = launch_programme.resume if request.form.get("resume") else launch_programme.pause
    with transaction() as conn:
        changed = act(conn, shop(), request.form.get("what", ""), staff().actor, now())
    return go("launch", done="saved" if changed else "unchanged")
