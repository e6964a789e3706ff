"""Programme, Tiers: the ladder, what it measures, how long a tier lasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_tiers
from plugin.actions.programme.preview_programme import tier_counts
from plugin.rules.money import rough_unit
from plugin.rules.tiers import tier_rules
from plugin.rules.tiers.tier_rules import MOST_TIERS, PRESETS
from plugin.store.tiers import tiers as store
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.previews import Beside, Typed
from plugin.web.admin.programme.saving import edit_of, newest, replaced, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.forms import tiers as tiers_form
from plugin.web.shown import number
from plugin.web.words import counted, t

SPARE_ROWS = 1

EDITOR = Editor(
    lambda programme, typed: tiers_form.form_of(programme.tiers), {"tiers.levels": "key"}, tiers_form.in_order
)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/tiers", "tiers", shown)
    app.add_url_rule("/app/programme/tiers", "save_tiers", save, methods=["POST"])
    app.add_url_rule("/app/programme/tiers/preview", "preview_tiers", preview, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form with the newest version, or filled in from a preset that is not saved yet."""
    version = newest()
    wanted = request.args.get("preset", "")
    preset = tier_rules.preset(wanted, rough_unit(shop().currency)) if wanted in PRESETS else None
    values = tiers_form.form_of(preset or version.programme.tiers)
    return _page(Form(values, {}), version, version.number, preset=preset is not None)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""

    def shown_again(form: Form, version: Version, based_on: int, status: int) -> Response:
        return _page(replaced(form, tiers_form.in_order(form.values)), version, based_on, status)

    return saved_or_shown(_saving, shown_again, "tiers", EDITOR)


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """The ladder that the form describes now, and how many of the shop's members each step would hold."""
    return previews.asked(_saving, EDITOR, BESIDE)


def _saving(conn: Connection, form: dict[str, str], based_on: int) -> int:
    return save_tiers.save_tiers(conn, shop().id, tiers_form.read(form), edit_of(form, based_on))


def _members(conn: Connection, typed: Typed) -> Sequence[str]:
    """How many of the members seen last would be in each tier."""
    tiers = typed.programme.tiers
    looked_at, sizes = tier_counts(conn, shop(), typed.saved.tiers, tiers, now()) if tiers.levels else (0, {})
    if not looked_at:
        return ()
    rows = [(tier.name, sizes.get(tier.key, 0)) for tier in tiers.levels]
    rows.append((t("frame.preview.no_tier"), looked_at - sum(sizes.values())))
    said = [t("programme.preview.tier", tier=name, count=number(size)) for name, size in rows]
    return [counted("programme.preview.looked_at", looked_at), *said]


BESIDE = Beside(("tiers",), cost_words.of_orders, notes=_members)


def _page(form: Form, version: Version, based_on: int, status: int = 200, *, preset: bool = False) -> Response:
    used = len(tiers_form.rows_of(form.values))
    with transaction() as conn:
        sizes = store.sizes(conn, shop().id)
    values: dict[str, Any] = {
        "form": form,
        "version": version,
        "based_on": based_on,
        "rows": range(min(MOST_TIERS, used + SPARE_ROWS)),
        "used": used,
        "sizes": sizes,
        "presets": PRESETS,
        "preset": preset,
        "preview": previews.begun(form, version, _saving, EDITOR, BESIDE),
    }
    return page("admin/programme/tiers/tiers.html", status, **values)
