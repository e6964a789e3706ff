"""Beside a rule in its editor: what a recent order would earn under it, as the form stands now."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template, request

from plugin.actions.programme import save_order_rules
from plugin.actions.programme.try_rule import Tried, try_rule
from plugin.rules import formats
from plugin.rules.orders import rule_summary
from plugin.store.orders import orders as order_store
from plugin.store.orders.orders import StoredOrder
from plugin.web.admin.programme.saving import newest
from plugin.web.auth import caller
from plugin.web.current import shop, transaction
from plugin.web.forms import order_rules as rule_form
from plugin.web.shown import day
from plugin.web.words import language

SHOWN = 12


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/programme/orders/try", "try_rule", tried, methods=["POST"])


def recent() -> list[tuple[str, str]]:
    """The newest orders to choose from: number and a few words."""
    with transaction() as conn:
        found = order_store.recent(conn, shop().id, SHOWN)
    return [(str(order.order_id), _words(order)) for order in found]


def _words(order: StoredOrder) -> str:
    view = order.view
    if view is None:
        return str(order.order_id)
    return f"{view.name}, {formats.money(view.total_minor, view.currency, language())}, {day(view.placed_at)}"


@caller("session", role="manager")
def tried() -> Response:
    """What the chosen order would earn, line by line; a page of its own for the frame beside the form."""
    form = request.form.to_dict()
    version, text = newest(), form.get("try_order", "")
    rule = save_order_rules.so_far(rule_form.read(form, shop().zone), version.programme.orders, shop())
    result: Tried | None = None
    order: StoredOrder | None = None
    with transaction() as conn:
        if text.isascii() and text.isdigit() and len(text) < 19:
            order = order_store.get(conn, shop().id, int(text))
        if rule and order:
            result = try_rule(conn, shop(), version, rule, order)
    html = render_template("admin/programme/earn/try_rule.html", rule=rule, order=order, tried=result, version=version,
                           misses=rule_summary.MISSES, unknown=rule_summary.UNKNOWN)  # fmt: skip
    return make_response(html)
