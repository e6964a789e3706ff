"""Settings, Survey: the one question that shoppers are asked about their orders, and when."""

from __future__ import annotations

from babel import Locale
from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import save_survey
from plugin.errors import BadInput
from plugin.rules import formats
from plugin.rules.activities.activity_rules import Survey as SurveyActivity
from plugin.rules.retention import survey as rules
from plugin.rules.words.catalogues import LANGUAGES
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.admin.messages.brand import PREVIEW_LANGUAGES
from plugin.web.admin.settings import survey_form
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.words import language, said_in

ASKED = ("off", "nps", "csat")
WHEN = ("every", "first", "spaced")
"""The words of both are `settings.survey.asked.*` and `settings.survey.when.*`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/survey", view_func=survey)
    app.add_url_rule("/app/settings/survey", "save_survey", save, methods=["POST"])


@caller("session", reads="nothing")
def survey() -> Response:
    """The form."""
    return _page(Form(survey_form.form_of(rules.stored(shop().settings)), {}))


@caller("session", role="manager")
def save() -> AnyResponse:
    """Store it, or say what is wrong at its fields."""
    form = request.form.to_dict()
    try:
        wanted = survey_form.read(form, LANGUAGES, rules.stored(shop().settings), [one.id for one in _activities()])
        with transaction() as conn:
            save_survey.save_survey(conn, shop().id, wanted, staff().actor, now())
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), error.status)
    return go("survey", done="saved")


def _activities() -> list[SurveyActivity]:
    """What answers can bring points by."""
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
    return [one for one in programme.activities if isinstance(one, SurveyActivity)]


def _page(form: Form, status: int = 200) -> Response:
    return page("admin/settings/survey.html", status, form=form, asked=ASKED, when=WHEN, languages=PREVIEW_LANGUAGES,
                usual={language: _usual(Locale.parse(language)) for language in LANGUAGES},
                activities=[(one.id, _named(one)) for one in _activities()],
                longest=rules.LONGEST_QUESTION)  # fmt: skip


def _usual(locale: Locale) -> dict[str, str]:
    """What is asked where the shop has no words of its own."""
    return {asked: said_in(locale, f"shopper.survey.{asked}", None, {"shop": shop().name}) for asked in rules.SCALES}


def _named(activity: SurveyActivity) -> str:
    return f"{activity.name}, {formats.number(activity.points, language())}"
