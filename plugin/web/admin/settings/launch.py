"""Launch the programme, try it as a customer of one's own before, and pause parts of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import recommend_start
from plugin.actions.shops import choose_test_member, launch_programme
from plugin.actions.shops.choose_test_member import FIELD
from plugin.errors import BadInput
from plugin.rules.fields import FIRST_YEAR
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.reach import Pause
from plugin.rules.words.texts import Said
from plugin.store.members.members import Member
from plugin.store.shops import launches
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction

LONGEST_SEARCH = 200


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
    app.add_url_rule("/app/settings/launch/try", "try_programme", try_as, methods=["POST"])


@caller("session", reads="members")
def show() -> Response:
    """Whether it is launched, what is paused, what it gives, and who are test members."""
    return _page(Form({}, {}))


def _page(form: Form, found: Sequence[Member] = (), status: int = 200) -> Response:
    """With what a search for a test member found."""
    with transaction() as conn:
        since = launches.paused_since(conn, shop().id)
        trying = launches.test_members(conn, shop().id)
        version = programmes.current(conn, shop().id, now())
        cost = recommend_start.cost_now(conn, shop(), version.programme, now())
        text = form.values.get(FIELD, "")
        reading("members", len(trying) + len(found), fields={"q": text}, search=text)
    return page(
        "admin/settings/launch.html",
        status,
        since=since,
        trying=trying,
        parts=PARTS,
        form=form,
        found=found,
        programme=version.programme,
        cost=cost,
    )


@caller("session", role="manager")
def try_as() -> AnyResponse:
    """Make somebody a test member: the one who was picked, or the only one whom the text means; or one no longer."""
    picked = request.form.get("member", "")
    text = " ".join(request.form.get(FIELD, "").replace("\0", "").split())[:LONGEST_SEARCH]
    if picked.isascii() and picked.isdigit() and len(picked) < 19:
        return _try(int(picked), test=not request.form.get("end"))
    with transaction() as conn:
        found = choose_test_member.candidates(conn, shop(), text) if text else []
    if len(found) == 1:
        return _try(found[0].id, test=True)
    form = Form({FIELD: text}, {})
    if found:
        return _page(form, found)
    try:
        return _ask_shopify(text)
    except BadInput as error:
        return _page(Form({FIELD: text}, error.fields, error.message), (), error.status)


def _try(member_id: int, *, test: bool) -> AnyResponse:
    with transaction() as conn:
        new = launch_programme.try_as(conn, shop(), member_id, staff().actor, now(), test=test)
    return go("launch", done="saved" if new else "unchanged")


def _ask_shopify(text: str) -> AnyResponse:
    """A customer who is no member yet, by their email."""
    if "@" not in text:
        raise BadInput(Said("settings.launch.nobody"), {FIELD: Said("settings.launch.nobody_by_name")})
    buyer = choose_test_member.ask_shopify(parts().work, shop(), text)
    with transaction() as conn:
        choose_test_member.enrol_and_try(conn, shop(), buyer, staff().actor, now())
    return go("launch", done="saved")


@caller("session", role="manager")
def launch() -> AnyResponse:
    """Launch it, once that was confirmed; orders count from now, or from a chosen day on."""
    form = request.form.to_dict()
    if not form.get("confirmed"):
        wrong = {"confirmed": Said("settings.launch.unconfirmed")}
        return _page(Form(form, wrong, NOT_RIGHT), (), 422)
    try:
        first = _first_day(form) if form.get("counts") == "day" else None
        with transaction() as conn:
            run = launch_programme.launch(conn, shop(), staff().actor, now(), first)
    except BadInput as error:
        return _page(Form(form, {"first_day": error.message, **error.fields}, error.message), (), error.status)
    if run is not None:
        return go("past_orders_run", run_id=run, done="launched")
    return go("home", done="launched")


def _first_day(form: Mapping[str, str]) -> datetime:
    """The beginning of the chosen day in the shop. BadInput: none, or not before today."""
    try:
        day = date.fromisoformat(form.get("first_day", "").strip())
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR or day >= shop().day(now()):
        words = Said("settings.launch.past_day")
        raise BadInput(NOT_RIGHT, {"first_day": words})
    return datetime.combine(day, time(), shop().zone)


@caller("session", role="manager")
def pause() -> AnyResponse:
    """Pause one part, or resume it."""
    act = launch_programme.resume if request.form.get("resume") else launch_programme.pause
    with transaction() as conn:
        changed = act(conn, shop(), request.form.get("what", ""), staff().actor, now())
    return go("launch", done="saved" if changed else "unchanged")
