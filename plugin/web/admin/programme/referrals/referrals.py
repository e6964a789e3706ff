"""Programme, Referrals: the rules of inviting friends, and how many there were."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_referrals
from plugin.rules.referrals.judging import WEIGHTS
from plugin.store.referrals import referrals as store
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.previews import Beside
from plugin.web.admin.programme.saving import edit_of, newest, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import shop, transaction
from plugin.web.forms import referrals as referral_form
from plugin.web.shown import step
from plugin.web.words import t

ORDERED = ("ordered", "held", "approved", "paid", "refused", "reversed")

EDITOR = Editor(lambda programme, typed: referral_form.form_of(programme.referrals))


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/referrals", "referrals", shown)
    app.add_url_rule("/app/programme/referrals", "save_referrals", save, methods=["POST"])
    app.add_url_rule("/app/programme/referrals/preview", "preview_referrals", preview, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form with the newest version."""
    version = newest()
    return _page(Form(referral_form.begun(version.programme), {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""
    return saved_or_shown(_saving, _page, "referrals", EDITOR)


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """What members read of inviting friends, and what a friend costs."""
    return previews.asked(_saving, EDITOR, BESIDE)


def _saving(conn: Connection, form: dict[str, str], based_on: int) -> int:
    return save_referrals.save_referrals(conn, shop().id, referral_form.read(form), edit_of(form, based_on))


BESIDE = Beside(("referral",), cost_words.of_friends)


def _page(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    with transaction() as conn:
        counts = store.counts(conn, shop().id)
    claims = sum(number for state, number in counts.items() if state != "links")
    return page(
        "admin/programme/referrals/referrals.html",
        status,
        form=form,
        version=version,
        based_on=based_on,
        counts=counts,
        claims=claims,
        ordered=sum(counts.get(state, 0) for state in ORDERED),
        step=step(),
        preview=previews.begun(form, version, _saving, EDITOR, BESIDE),
        signs=[(t(f"staff.sign.{sign}"), weight) for sign, weight in WEIGHTS.items()],
    )
