"""Cashback: a share of each order as store credit, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import needed_scopes, save_cashback
from plugin.rules.programme import Programme
from plugin.store.rewards import credits
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.previews import Beside
from plugin.web.admin.programme.saving import edit_of, newest, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import shop, transaction
from plugin.web.forms import cashback as cashback_form
from plugin.web.shown import percent, step
from plugin.web.words import counted, t

EDITOR = Editor(lambda programme, typed: cashback_form.form_of(programme.cashback))


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/cashback", "cashback", shown)
    app.add_url_rule("/app/programme/cashback", "save_cashback", save, methods=["POST"])
    app.add_url_rule("/app/programme/cashback/preview", "preview_cashback", preview, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form with the newest version."""
    version = newest()
    return _page(Form(cashback_form.form_of(version.programme.cashback), {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""
    return saved_or_shown(_saving, _page, "cashback", EDITOR)


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """What members get of an order by the form as it stands, and what it costs."""
    return previews.asked(_saving, EDITOR, BESIDE)


def _saving(conn: Connection, form: dict[str, str], based_on: int) -> int:
    return save_cashback.save_cashback(conn, shop(), cashback_form.read(form), edit_of(form, based_on))


def _entry(programme: Programme, form: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """The share as members see it come."""
    one = programme.cashback
    if not one.enabled:
        return ()
    after = counted("programme.preview.cashback", one.after_days)
    return [(t("frame.tab.cashback"), percent(one.percent), after)]


BESIDE = Beside((), cost_words.of_orders, entries=_entry)


def _page(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    missing = needed_scopes.not_allowed(shop(), save_cashback.KIND)
    with transaction() as conn:
        totals = credits.totals(conn, shop().id)
    allowed = [t(f"settings.shop.scope.{scope}") for scope in missing]
    values: dict[str, Any] = {"form": form, "version": version, "based_on": based_on, "totals": totals}
    values["preview"] = previews.begun(form, version, _saving, EDITOR, BESIDE)
    return page("admin/programme/earn/cashback.html", status, missing=missing,
                permissions=allowed, step=step(), **values)  # fmt: skip
