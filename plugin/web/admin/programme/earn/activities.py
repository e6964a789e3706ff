"""Activities: the list of what members earn with besides orders, and one in its editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_activities
from plugin.rules.activities.activity_rules import NETWORKS, ONLY_ONE, Activity, counted_as
from plugin.rules.programme import Programme
from plugin.store.activities import activities as store
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, found, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.previews import Beside, Typed
from plugin.web.admin.programme.saving import changed, edit_of, newest, removal, saved_or_shown
from plugin.web.admin.programme.tier_choices import tier_choices
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.forms import activities as activity_form
from plugin.web.shown import offered, zone
from plugin.web.words import counted, t

KINDS = ("birthday", "anniversary", "newsletter", "social", "visit", "profile", "review", "survey", "custom")
"""In this order they are offered; the words are `programme.activities.kind.<kind>` and `….how.<kind>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/activities", view_func=activities)
    app.add_url_rule("/app/programme/activities/new", "new_activity", new)
    app.add_url_rule("/app/programme/activities/<activity_id>", view_func=activity)
    app.add_url_rule("/app/programme/activities", "save_activity", save, methods=["POST"])
    app.add_url_rule("/app/programme/activities/preview", "preview_activity", preview, methods=["POST"])
    app.add_url_rule(
        "/app/programme/activities/<activity_id>/<any(pause, resume, remove):what>",
        "change_activity",
        change,
        methods=["POST"],
    )


@caller("session", reads="nothing")
def activities() -> Response:
    """Every activity of the newest version, and what was given with each."""
    return _list()


def _list(message: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        counts = store.counts(conn, shop().id)
    version = newest()
    rows = version.programme.activities
    used = {one.id: counts.get(counted_as(one), (0, 0)) for one in rows}
    there = {one.kind for one in rows}
    addable = [kind for kind in KINDS if kind not in ONLY_ONE or kind not in there]
    return page(
        "admin/programme/earn/activities.html",
        status,
        version=version,
        rows=rows,
        used=used,
        addable=addable,
        limits=_limits,
        state=offered,
        message=message,
    )


def _limits(one: Activity) -> str:
    """How often, in a few words."""
    if one.kind in ("birthday", "anniversary"):
        return t("programme.activities.limits.yearly")
    if one.kind in ("newsletter", "social", "profile"):
        return t("programme.activities.limits.once")
    said = [
        counted(f"programme.activities.limits.{period}", value)
        for period in ("day", "week", "month", "year")
        if (value := getattr(one, f"per_{period}", None)) is not None
    ]
    total, pause = getattr(one, "in_total", None), getattr(one, "cooldown_hours", 0)
    said += [counted("programme.activities.limits.total", total)] if total else []
    said += [counted("programme.activities.limits.apart", pause)] if pause else []
    return ", ".join(said) or t("programme.activities.limits.none")


@caller("session", reads="nothing")
def new() -> Response:
    """An empty form of one kind."""
    version = newest()
    blank = activity_form.blank(request.args.get("kind", "")) | {"id": save_activities.new_id()}
    return _form(Form(blank, {}), version, version.number)


@caller("session", reads="nothing")
def activity(activity_id: str) -> Response:
    """One activity in its form."""
    version = newest()
    one = save_activities.find(version.programme.activities, activity_id)
    return _form(Form(activity_form.form_of(one, zone()), {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form, or show what is wrong at its fields."""
    return saved_or_shown(_saving, _form, "activities", Editor(_fields))


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """The ways to earn with the activity that is typed, and what it costs."""
    return previews.asked(_saving, Editor(_fields), BESIDE)


def _saving(conn: Connection, form: dict[str, str], start: int) -> int:
    return save_activities.save_activity(conn, shop(), activity_form.read(form, zone()), edit_of(form, start))


def _of(typed: Typed) -> Activity | None:
    return next((one for one in typed.programme.activities if one.id == typed.form.get("id")), None)


def _at(typed: Typed) -> datetime:
    """When the activity begins, if that is to come."""
    one = _of(typed)
    return max(one.starts_at, now()) if one and one.starts_at else now()


def _costs(typed: Typed) -> Sequence[str]:
    one = _of(typed)
    most = max((one.points, *getattr(one, "tier_points", {}).values())) if one else 0
    return cost_words.of_each(typed, most) if one else ()


def _samples() -> Mapping[str, str]:
    return {"name": t("programme.activities.new"), "points": "10", "word": "story", "url": "https://example.com",
            "questions": "?"}  # fmt: skip


BESIDE = Beside(("activities",), _costs, samples=_samples, at=_at)


@caller("session", role="manager")
def change(activity_id: str, what: str) -> AnyResponse:
    """Pause an activity, offer it again, or remove it; what is removed is asked for first."""
    one = found(next((each for each in newest().programme.activities if each.id == activity_id), None))
    if ask := removal(what, one.name, "activities", [t("programme.activities.kept")]):
        return ask

    def change_it(conn: Connection, start: int) -> int:
        return save_activities.change_activity(conn, shop(), activity_id, what, edit_of({}, start))

    return changed(change_it, _list, "activities")


def _fields(programme: Programme, typed: Mapping[str, str]) -> Mapping[str, str] | None:
    """The form of the activity that was typed, as a programme has it."""
    one = next((each for each in programme.activities if each.id == typed.get("id")), None)
    return activity_form.form_of(one, zone()) if one else None


def _form(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    kind = form.values.get("kind", "")
    fields = activity_form.KIND_MODELS[kind].model_fields
    return page(
        "admin/programme/earn/activity.html",
        status,
        form=form,
        version=version,
        based_on=based_on,
        kind=kind,
        fields=fields,
        networks=sorted(NETWORKS.items()),
        tier_choices=tier_choices(form.values, version, "tier_points"),
        storefront=shop().storefront,
        preview=previews.begun(form, version, _saving, Editor(_fields), BESIDE),
    )
