"""How the shop's emails look, with a live preview of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from babel import Locale
from flask import Flask, Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails import own_files
from plugin.actions.shops import save_brand
from plugin.errors import BadInput
from plugin.messages import apart
from plugin.messages.render import render
from plugin.rules.brand import CORNERS, FONTS, SOCIAL, Brand, brand_of, contrasts, has_dark_cards
from plugin.rules.message_kinds import LABELS, MessageKind, kind_of
from plugin.rules.messages import RenderedMail
from plugin.rules.words.catalogues import LANGUAGES
from plugin.store.emails import versions
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.admin.messages import email_preview
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction
from plugin.web.forms import brand as brand_form
from plugin.web.words import counted, t

CONFIRMATION = MessageKind.ORDER_CONFIRMATION
PREVIEW_LANGUAGES = {tag: str(Locale(tag).english_name) for tag in LANGUAGES}
"""Those that emails are written in, by their names."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/brand", view_func=brand)
    app.add_url_rule("/app/messages/brand", "save_brand", save, methods=["POST"])
    app.add_url_rule("/app/messages/brand/preview", view_func=preview, methods=["POST"])


@caller("session", reads="nothing")
def brand() -> Response:
    """The form, and the confirmation as it looks now."""
    kept = brand_of(shop().brand)
    return _shown(Form({name: str(value) for name, value in asdict(kept).items()}, {}), kept)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Store the brand, or say what is wrong at its fields."""
    form = request.form.to_dict()
    try:
        chosen = _read(form)
        with transaction() as conn:
            save_brand.save_brand(conn, shop().id, chosen, staff().actor, now())
    except BadInput as error:
        return _shown(Form(form, error.fields, error.message), None, error.status)
    return go("brand", done="saved")


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """The chosen kind of email in the brand that the form describes now."""
    form = request.form.to_dict()
    chosen, language, email = _valid(form), form.get("language", ""), form.get("email", "")
    kind = kind_of(email) if email in LABELS else CONFIRMATION
    return make_response(_sample(chosen, language, kind).html)


def _read(form: Mapping[str, str]) -> Brand:
    """The brand that the form describes; BadInput also for a logo that is another shop's."""
    chosen = brand_form.read(form)
    try:
        own_files.check_pictures(parts().work, shop(), filter(None, [chosen.logo_url]))
    except BadInput as error:
        raise BadInput(error.message, {"logo_url": error.fields[chosen.logo_url]}) from error
    return chosen


def _valid(form: dict[str, str]) -> Brand:
    """What the form describes; fields that are wrong count as they are saved."""
    try:
        return _read(form)
    except BadInput as error:
        kept = asdict(brand_of(shop().brand))
        return _read(form | {name: str(kept[name]) for name in error.fields if name in kept})


def _shown(form: Form, chosen: Brand | None, status: int = 200) -> Response:
    mail = _sample(chosen or Brand(), "", CONFIRMATION)
    sender = form.values.get("sender_name") or shop().name
    return page(
        "admin/messages/brand.html",
        status,
        form=form,
        mail=mail,
        kinds=LABELS,
        kind=CONFIRMATION,
        languages=PREVIEW_LANGUAGES,
        fonts_shown=[(name, t(f"messages.brand.font.{name}")) for name in FONTS],
        corners_shown=[(name, counted("messages.brand.pixels", int(name))) for name in CORNERS],
        social=SOCIAL,
        contrasts=contrasts(chosen or Brand()),
        dark_cards=has_dark_cards(chosen or Brand()),
        sender=f"{sender} <{parts().settings.mail_from}>",
    )


def _sample(chosen: Brand, language: str, kind: MessageKind) -> RenderedMail:
    """A sample of one kind of email as the shop sends it: in its own words, where it has some that can be rendered."""
    with transaction() as conn:
        content = versions.published(conn, shop().id).get(kind)
    context = email_preview.sample(kind, language if language in PREVIEW_LANGUAGES else shop().locale, "")
    if content is None:
        return render(kind, context, chosen)
    try:
        return apart.preview(kind, context, chosen, content)
    except BadInput:  # customers get the email that comes with the app, too
        return render(kind, context, chosen)
