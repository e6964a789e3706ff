"""One kind of email: what triggers it, who gets it, whether it goes, and when."""

from __future__ import annotations

from datetime import time

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails.save_kind_settings import save_kind_settings
from plugin.errors import BadInput, NotFound
from plugin.rules.emails import kind_settings as rules
from plugin.rules.emails.hours import HOUR
from plugin.rules.message_kinds import LABELS, MessageKind, kind_of
from plugin.rules.sending import promotional
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.words import t

INSTEAD = (
    MessageKind.ORDER_CONFIRMATION,
    MessageKind.REWARD_GIVEN,
    MessageKind.REFERRAL_PAID,
    MessageKind.REWARD_READY,
)
"""Kinds that may bring a code: the page says what becomes of it when they are off."""


def register(app: Flask) -> None:
    """Add the routes."""
    address = "/app/messages/emails/<kind>/settings"
    app.add_url_rule(address, "kind_settings", kind_settings)
    app.add_url_rule(address, "save_kind_settings", save, methods=["POST"])


@caller("session", reads="nothing")
def kind_settings(kind: str) -> Response:
    """The form."""
    known = _kind(kind)
    kept = rules.of(shop().settings, known)
    values = {name: str(value) for name, value in kept.figures.items()}
    return _page(known, Form({**values, rules.ON: "yes" if kept.on else ""}, {}))


@caller("session", role="manager")
def save(kind: str) -> AnyResponse:
    """Store it, or say what is wrong at its fields."""
    known, form = _kind(kind), request.form.to_dict()
    on = known.about.is_required or bool(form.get(rules.ON))
    try:
        wanted = rules.read(known, on, form)
        with transaction() as conn:
            save_kind_settings(conn, shop().id, known, wanted, staff().actor, now())
    except BadInput as error:
        return _page(known, Form(form, error.fields, error.message), error.status)
    return go("kind_settings", kind=known.value, done="saved")


def audience(kind: MessageKind) -> str:
    """Who gets it, in words."""
    about = kind.about
    if about.always:
        return t("messages.kind_settings.audience.always")
    if about.nature != "transactional":
        return t(f"messages.kind_settings.audience.{about.nature}")
    return t("messages.kind_settings.audience.optional" if about.optional else "messages.kind_settings.audience.all")


def _page(kind: MessageKind, form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        confirmation = programmes.current(conn, shop().id, now()).programme.confirmation
    return page(
        "admin/messages/kind_settings.html",
        status,
        kind=kind,
        form=form,
        figures=[(one, t(rules.figure_words(kind, one.name))) for one in rules.figures_of(kind)],
        audience=audience(kind),
        silent=not kind.goes_with(confirmation),
        late=_late(kind, form.values.get(HOUR, "")),
        on_hint=[t("messages.kind_settings.on_hint"), *_instead(kind)],
    )


def _late(kind: MessageKind, hour: str) -> str:
    """That an offer of this hour waits for the end of the quiet hours, where it does."""
    quiet = promotional.stored(shop().settings)
    if kind.about.nature == "transactional" or not hour.isdecimal() or int(hour) > 23:
        return ""
    if not promotional.is_quiet(quiet, time(int(hour))):
        return ""
    return t("messages.kind_settings.late", hour=f"{time(int(hour)):%H:%M}", until=f"{quiet.quiet_until:%H:%M}")


def _instead(kind: MessageKind) -> list[str]:
    return [t(f"messages.kind_settings.instead.{kind.value}")] if kind in INSTEAD else []


def _kind(name: str) -> MessageKind:
    if name not in LABELS:
        raise NotFound(t("messages.kind_settings.unknown"))
    return kind_of(name)
