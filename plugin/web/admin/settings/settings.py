"""Settings of the shop: from which day orders count."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import save_counts_from
from plugin.errors import BadInput
from plugin.rules.words import catalogues
from plugin.rules.words.texts import Said
from plugin.web import shown
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.words import language as language_read
from plugin.web.words import t

MAY = (
    "read_orders",
    "read_all_orders",
    "read_returns",
    "read_products",
    "read_customers",
    "write_customers",
    "read_customer_merge",
    "write_discounts",
    "write_gift_cards",
    "read_store_credit_accounts",
    "write_store_credit_account_transactions",
)
"""What the shop can allow, by Shopify's name for it; the words are `settings.shop.scope.<name>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings", view_func=settings)
    app.add_url_rule("/app/settings", "save_settings", save, methods=["POST"])


@caller("session", reads="nothing")
def settings() -> Response:
    """The form."""
    first_day = shop().counts_from.astimezone(shown.zone()).date()
    return _page(Form({"counts_from": first_day.isoformat()}, {}))


def _page(form: Form, status: int = 200) -> Response:
    allowed = [t(f"settings.shop.scope.{scope}") if scope in MAY else scope for scope in shop().scopes]
    name = _language(shop().locale)
    return page(
        "admin/settings/settings.html", status, form=form, permissions=allowed, language_name=name, read_in=_read_in()
    )


def _read_in() -> str:
    """In which language the panel is shown, and how much of it."""
    read = language_read()
    name, share = read.get_language_name(read) or read.language, catalogues.panel_share(read.language)
    key = "frame.language.whole" if share == 100 else "frame.language.part"
    return t(key, language=name[:1].upper() + name[1:], percent=shown.percent(Decimal(share)))


def _language(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(language_read()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


@caller("session", role="manager")
def save() -> AnyResponse:
    """Orders count from the beginning of that local day."""
    text = request.form.get("counts_from", "").strip()
    try:
        with transaction() as conn:
            save_counts_from.save_counts_from(conn, shop().id, _moment(text), staff().actor, now())
    except BadInput as error:
        return _page(Form({"counts_from": text}, error.fields, error.message), error.status)
    return go("settings", done="saved")


def _moment(text: str) -> datetime:
    try:
        chosen = date.fromisoformat(text)
        if chosen.year < 2000:
            raise ValueError("long ago")
    except ValueError:
        words = Said("settings.shop.not_a_day")
        raise BadInput(Said("settings.shop.day_refused"), {"counts_from": words}) from None
    return datetime.combine(chosen, time(), shown.zone())
