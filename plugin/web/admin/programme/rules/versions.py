"""The programme's versions: what each one changed, by whom and why; planned ones, and any two compared."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import publish_programme
from plugin.actions.programme.preview_programme import Preview
from plugin.errors import BadInput
from plugin.rules.versions.programme_changes import changes, only_switches
from plugin.rules.versions.programme_presets import PRESETS
from plugin.rules.words.texts import Said
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import found, go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction

SHOWN = 100
PAGE = 20
FEW = 8


def register(app: Flask) -> None:
    """Add the routes, and what templates ask about the planned version."""
    app.add_url_rule("/app/programme/versions", view_func=versions)
    app.add_url_rule("/app/programme/versions/<int:number>/withdraw", view_func=check_withdrawal)
    app.add_url_rule("/app/programme/versions/<int:number>/withdraw", "withdraw_version", withdraw, methods=["POST"])
    app.add_url_rule("/app/programme/compare", "compare_versions", compare)
    app.jinja_env.globals.update(
        planned_version=planned_version, plan_day=plan_day, preview_shown=preview_shown, plan=plan
    )


@caller("session", reads="nothing")
def versions() -> Response:
    """Newest first."""
    return _list()


def _list(message: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        known = programmes.versions(conn, shop().id)
    states, before = _states(known, now()), number_from("before") or len(known) + 1
    everything = request.args.get("all") == "yes"
    shown = [each for each in known if everything or not _only_switches(known, each, states[each.number][0])]
    listed = [each for each in shown if each.number < before][-PAGE:][::-1]
    rows = [(version, states[version.number], _changed(known, version)) for version in listed]
    older = listed[-1].number if listed and listed[-1].number > shown[0].number else None
    return page(
        "admin/programme/rules/versions.html",
        status,
        rows=rows,
        older=older,
        hidden=len(known) - len(shown),
        everything=everything,
        known=known[::-1][:SHOWN],
        presets=PRESETS,
        few=FEW,
        message=message,
    )


def _only_switches(known: list[Version], version: Version, state: str) -> bool:
    """Whether a version only pauses or resumes something, and is not what counts now or will."""
    if version.number == 1 or state or version.note:
        return False
    return only_switches(known[version.number - 2].programme, version.programme)


def _states(known: list[Version], moment: datetime) -> dict[int, tuple[str, str]]:
    """Each version's state, by its name in `programme.rules.state`, and its tone."""
    in_force, plan = programmes.at(known, moment), programmes.planned(known, moment)
    found = {version.number: ("", "neutral") for version in known}
    found |= {version.number: ("withdrawn", "neutral") for version in known if version.withdrawn_at}
    if plan is not None:
        found[plan.number] = ("planned", "warning")
    return found | {in_force.number: ("active", "success")}


def _changed(known: list[Version], version: Version) -> list[str]:
    """What the version changed of the one in force before it."""
    if version.number == 1:
        return []
    earlier = [each for each in known[: version.number - 1] if each.withdrawn_at is None]
    before = programmes.at(earlier, version.created_at or version.effective_from) if earlier else known[0]
    return [each.sentence for each in changes(before.programme, version.programme)]


@caller("session", reads="nothing")
def check_withdrawal(number: int) -> Response:
    """What would not come, and a button that withdraws it."""
    with transaction() as conn:
        known = programmes.versions(conn, shop().id)
    plan = programmes.planned(known, now())
    if plan is None or plan.number != number:
        return _list(Said("programme.rules.not_planned", version=number), 422)
    in_force = programmes.at(known, now())
    rows = changes(in_force.programme, plan.programme)
    return page("admin/programme/rules/withdraw_check.html", plan=plan, in_force=in_force, rows=rows)


@caller("session", role="manager")
def withdraw(number: int) -> AnyResponse:
    """The planned version will not come into force."""
    try:
        with transaction() as conn:
            publish_programme.withdraw(conn, shop().id, number, staff().actor, now())
    except BadInput as error:
        return _list(error.message, error.status)
    return go("versions", done="withdrawn")


@caller("session", reads="nothing")
def compare() -> Response:
    """Two versions, side by side."""
    with transaction() as conn:
        known = programmes.versions(conn, shop().id)
    newer = _numbered(known, number_from("new") or known[-1].number)
    older = _numbered(known, number_from("old") or max(1, newer.number - 1))
    rows = changes(older.programme, newer.programme)
    return page("admin/programme/rules/compare.html", known=known[::-1][:SHOWN], older=older, newer=newer, rows=rows)


def _numbered(known: list[Version], number: int) -> Version:
    return found(known[number - 1] if 0 < number <= len(known) else None)


def planned_version() -> Version | None:
    """The version that is still to come into force, asked for once a page."""
    if "planned_version" not in g:
        with transaction() as conn:
            g.planned_version = programmes.planned(programmes.versions(conn, shop().id), now())
    plan: Version | None = g.planned_version
    return plan


def plan(version: Version) -> dict[str, int]:
    """What links from a page of the planned version carry, so that one goes on in it; nothing for the one in force."""
    return {"version": version.number} if version.effective_from > now() else {}


def plan_day(version: Version) -> str:
    """The day for the form of a planned version; empty for one in force."""
    return publish_programme.day_of(version, shop(), now())


def preview_shown() -> Preview | None:
    """What saving would change, if the form asked for a look."""
    found: Preview | None = g.get("preview")
    return found
