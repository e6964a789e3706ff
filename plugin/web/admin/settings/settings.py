"""Settings of the shop: from which day orders count."""

from __future__ import annotations

from datetime import date, datetime, time

from babel import Locale, UnknownLocaleError
from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import save_brand
from plugin.errors import BadInput
from plugin.web import shown
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction

MAY = {
    "read_orders": "read orders",
    "read_all_orders": "read orders of any age",
    "read_returns": "read returns",
    "read_products": "read products",
    "read_customers": "read customers",
    "write_customers": "read and change customers",
    "read_customer_merge": "hear of merged customers",
    "write_discounts": "make discount codes",
    "write_gift_cards": "make gift cards",
    "read_store_credit_accounts": "read store credit",
    "write_store_credit_account_transactions": "change store credit",
}
"""What the shop allows, by Shopify's name for it; anything else by that name."""


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
    allowed = [MAY.get(scope, scope) for scope in shop().scopes]
    return page(
        "admin/settings/settings.html", status, form=form, permissions=allowed, language=_language(shop().locale)
    )


def _language(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (ValueError, UnknownLocaleError):
        return tag


@caller("session", role="manager")
def save() -> AnyResponse:
    """Orders count from the beginning of that local day."""
    text = request.form.get("counts_from", "").strip()
    try:
        with transaction() as conn:
            save_brand.save_counts_from(conn, shop().id, _moment(text), staff().actor, now())
    except BadInput as error:
        return _page(Form({"counts_from": text}, error.fields, error.message), error.status)
    return go("settings", done="saved")


def _moment(text: str) -> datetime:
    try:
        chosen = date.fromisoformat(text)
        if chosen.year < 2000:
            raise ValueError("long ago")
    except ValueError:
        words = "must be a day such as 2026-01-31"
        raise BadInput("That day cannot be used.", {"counts_from": words}) from None
    return datetime.combine(chosen, time(), shown.zone())
