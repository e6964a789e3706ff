"""Before a whole programme replaces the one in force: an old version published again, or a preset."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import needed_scopes, publish_programme, save_cashback
from plugin.rules.programme import Programme
from plugin.rules.versions.programme_changes import changes
from plugin.rules.versions.programme_presets import PRESETS, started
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, found, number_from, page
from plugin.web.admin.programme.saving import edit_of, newest, saved_or_shown
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.words import t


@dataclass(frozen=True)
class Source:
    """Where the programme comes from."""

    title: str
    note: str
    programme: Programme
    query: dict[str, str]


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/review", "review_programme", shown)
    app.add_url_rule("/app/programme/review", "publish_programme", save, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """What would change, and the button that changes it."""
    version = newest()
    return _page(Form({"note": _source(version).note}, {}), version, version.number, 200)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Publish it as the next version."""

    def saved(conn: Connection, form: dict[str, str], based_on: int) -> int:
        editing = publish_programme.begin(conn, shop().id, based_on, now())
        programme = _source(editing.base).programme
        if _begins_cashback(editing.base, programme):
            needed_scopes.check_allowed(shop(), save_cashback.KIND)
        return publish_programme.publish(conn, editing, programme, edit_of(form, based_on))

    return saved_or_shown(saved, _page, "versions")


def _page(form: Form, version: Version, based_on: int, status: int) -> Response:
    source = _source(version)
    rows = changes(version.programme, source.programme)
    missing = (
        needed_scopes.not_allowed(shop(), save_cashback.KIND) if _begins_cashback(version, source.programme) else []
    )
    return page(
        "admin/programme/rules/review.html",
        status,
        form=form,
        version=version,
        based_on=based_on,
        source=source,
        rows=rows,
        missing=missing,
    )


def _begins_cashback(version: Version, programme: Programme) -> bool:
    return programme.cashback.enabled and not version.programme.cashback.enabled


def _source(version: Version) -> Source:
    """The preset, or the old version, that the address names."""
    preset = PRESETS.get(request.args.get("preset", ""))
    if preset is not None:
        programme = started(version.programme, preset, shop().currency)
        name = t(f"programme.rules.preset.{request.args['preset']}")
        return Source(name, t("programme.rules.started", name=name), programme, {"preset": request.args["preset"]})
    number = found(number_from("again"))
    with transaction() as conn:
        known = programmes.versions(conn, shop().id)
    old = found(known[number - 1] if 0 < number <= len(known) else None)
    return Source(
        t("programme.rules.again", version=number),
        t("programme.rules.restored", version=number),
        old.programme,
        {"again": str(number)},
    )
