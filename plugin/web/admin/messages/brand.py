"""How the shop's mails look, with a live preview of the confirmation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

from flask import Flask, Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import save_brand
from plugin.clients.mail_templates import render
from plugin.errors import BadInput
from plugin.rules.brand import Brand
from plugin.rules.messages import CodeOffer, ConfirmationContext, LineItem, NextReward, RenderedMail, Totals
from plugin.rules.money import minor_digits
from plugin.rules.programme import Programme
from plugin.store.versions import programmes
from plugin.web import shown
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction

PREVIEW_LANGUAGES = {"en": "English", "fil": "Filipino"}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/brand", view_func=brand)
    app.add_url_rule("/app/messages/brand", "save_brand", save, methods=["POST"])
    app.add_url_rule("/app/messages/brand/preview", view_func=preview, methods=["POST"])


@caller("session", reads="nothing")
def brand() -> Response:
    """The form, and the confirmation mail as it looks now."""
    kept = save_brand.brand_of(shop().brand)
    return _shown(Form({name: str(value) for name, value in asdict(kept).items()}, {}), kept)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Store the brand, or say what is wrong at its fields."""
    form = request.form.to_dict()
    try:
        with transaction() as conn:
            save_brand.save_brand(conn, shop().id, form, staff().actor, now())
    except BadInput as error:
        return _shown(Form(form, error.fields, error.message), None, error.status)
    return go("brand", done="saved")


@caller("session", role="manager")
def preview() -> Response:
    """The confirmation mail in the brand that the form describes now."""
    mail = _sample(save_brand.brand_from(request.form.to_dict()), request.form.get("language", ""))
    return make_response(mail.html)


def _shown(form: Form, chosen: Brand | None, status: int = 200) -> Response:
    mail = _sample(chosen or Brand(), "")
    sender = form.values.get("sender_name") or shop().name
    return page(
        "admin/messages/brand.html",
        status,
        form=form,
        mail=mail,
        languages=PREVIEW_LANGUAGES,
        sender=f"{sender} <{parts().settings.mail_from}>",
    )


def _sample(chosen: Brand, language: str) -> RenderedMail:
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
    return render("order_confirmation", _context(programme, language), chosen)


def _context(programme: Programme, language: str) -> ConfirmationContext:
    """An order that shows every part of the mail, in the shop's currency."""
    unit = 10 ** minor_digits(shop().currency)
    points = max(1, int(60 * programme.earning.points / programme.earning.per_amount))
    return ConfirmationContext(
        shop_name=shop().name or shop().domain,
        shop_url=f"https://{shop().domain}",
        currency=shop().currency,
        locale=language if language in PREVIEW_LANGUAGES else shop().locale,
        first_name="Ana",
        points_name=programme.points_name,
        order_name="#1001",
        lines=(
            LineItem("Linen shirt", 1, 45 * unit, "Sand / M"),
            LineItem("Cotton socks", 2, 15 * unit),
            LineItem("Gift card", 1, 25 * unit, note="gift_card"),
        ),
        totals=Totals(90 * unit, 85 * unit, 0, 5 * unit),
        points_earned=points,
        points_state="pending" if programme.earning.pending_days else "earned",
        points_usable_on=_usable_on(programme),
        balance_available=points * 2,
        next_reward=_goal(programme, points * 3),
        code=_code(programme, unit),
    )


def _usable_on(programme: Programme) -> date | None:
    days = programme.earning.pending_days
    return (now().astimezone(shown.zone()) + timedelta(days=days)).date() if days else None


def _goal(programme: Programme, points: int) -> NextReward | None:
    ahead = sorted((goal for goal in programme.to_reach if goal.points > points), key=lambda goal: goal.points)
    return NextReward(ahead[0].name, ahead[0].points, ahead[0].points - points) if ahead else None


def _code(programme: Programme, unit: int) -> CodeOffer | None:
    rules = programme.next_order_code
    if not rules.enabled:
        return None
    until = (now().astimezone(shown.zone()) + timedelta(days=rules.valid_days)).date()
    name = f"{rules.prefix}-K7M2P-9XQ4T".lstrip("-")
    minimum = int(rules.minimum_spend * unit)
    if rules.kind == "percent":
        return CodeOffer(name, Decimal(rules.value), None, minimum, until)
    return CodeOffer(name, None, int(rules.value * unit), minimum, until)
