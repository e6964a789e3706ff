"""Programme, Order rules and Campaigns: the lists, what orders earn beside rules, and one rule in its editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_order_earning, save_order_rules
from plugin.errors import NotFound
from plugin.rules.orders import rule_summary, sales_channels
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.orders.limits import PERIODS
from plugin.rules.programme import Programme
from plugin.rules.words.texts import Said
from plugin.store.orders import newest_orders
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, found, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.earn.try_rule import recent
from plugin.web.admin.programme.previews import Beside, Typed
from plugin.web.admin.programme.saving import (
    changed,
    edit_of,
    newest,
    not_in_the_shop,
    removal,
    replaced,
    saved_or_shown,
)
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.forms import order_earning as earning_form
from plugin.web.forms import order_rules as rule_form
from plugin.web.shown import step, zone
from plugin.web.words import said, t

SPARE_ROWS = 2
STATES = {"running": "success", "planned": "info", "paused": "neutral", "ended": "neutral"}
"""Each state's tone; the words are `programme.state.<state>`."""
EFFECTS = ("multiplier", "per_item", "per_order", "rate")
"""The words are `programme.order_rules.kinds.<effect>`."""
NEW = {"effect": "multiplier", "multiplier": "2", "points": "", "per_amount": "1", "subscription": "any", "sale": "any"}
SETTINGS = Editor(
    lambda programme, typed: earning_form.form_of(programme.orders), {"rates": "currency"}, earning_form.in_order
)
CHANGE = "<any(pause, resume, end, remove):what>"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/orders", view_func=order_rules)
    app.add_url_rule("/app/programme/orders", "save_order_earning", save_settings, methods=["POST"])
    app.add_url_rule("/app/programme/campaigns", view_func=campaigns)
    app.add_url_rule("/app/programme/orders/new", "new_order_rule", new)
    app.add_url_rule("/app/programme/orders/preview", "preview_order_rule", preview, methods=["POST"])
    app.add_url_rule("/app/programme/orders/rule", "save_order_rule", save, methods=["POST"])
    app.add_url_rule("/app/programme/orders/rules/<key>", "order_rule", edit)
    app.add_url_rule(f"/app/programme/orders/rules/<key>/{CHANGE}", "change_order_rule", change, methods=["POST"])


@caller("session", reads="nothing")
def order_rules() -> Response:
    """The rules without a period, and what orders earn beside rules."""
    version = newest()
    return _settings(Form(earning_form.form_of(version.programme.orders), {}), version, version.number)


@caller("session", role="manager")
def save_settings() -> AnyResponse:
    """Save what orders earn beside rules."""

    def saved(conn: Connection, form: dict[str, str], start: int) -> int:
        return save_order_earning.save_order_earning(conn, shop(), earning_form.read(form), edit_of(form, start))

    def again(form: Form, version: Version, start: int, status: int) -> Response:
        return _settings(replaced(form, earning_form.in_order(form.values)), version, start, status)

    return saved_or_shown(saved, again, "order_rules", SETTINGS)


def _settings(form: Form, version: Version, start: int, status: int = 200) -> Response:
    rules = [rule for rule in version.programme.orders.rules if not rule.campaign]
    rows = len(earning_form.currency_rows(form.values)) + SPARE_ROWS
    return page(
        "admin/programme/earn/order_rules.html",
        status,
        form=form,
        based_on=start,
        rates=range(rows),
        periods=PERIODS,
        **_list(rules, version),
    )


@caller("session", reads="nothing")
def campaigns() -> Response:
    """The rules of a period, newest start first."""
    return _campaigns(newest())


def _campaigns(version: Version, message: str = "", status: int = 200) -> Response:
    found = [rule for rule in version.programme.orders.rules if rule.campaign]
    order = {"running": 0, "planned": 1, "paused": 2, "ended": 3}
    found.sort(key=lambda rule: (order[save_order_rules.state_of(rule, now())], str(rule.starts_at), rule.name))
    return page("admin/programme/earn/campaigns.html", status, message=message, **_list(found, version))


def _list(rules: Sequence[OrderRule], version: Version) -> dict[str, object]:
    tiers = {tier.key: tier.name for tier in version.programme.tiers.levels}
    currency = shop().currency
    rows = [
        {
            "rule": rule,
            "state": save_order_rules.state_of(rule, now()),
            "effect": rule_summary.effect(rule, currency),
            "conditions": _conditions(rule, currency, tiers),
        }
        for rule in rules
    ]
    return {"rows": rows, "version": version, "states": STATES, "step": step()}


def _conditions(rule: OrderRule, currency: str, tiers: Mapping[str, str]) -> str:
    parts = rule_summary.conditions(rule, currency, tiers)
    line = "; ".join(", ".join(said(each) for each in part) for part in parts)
    return line[:1].upper() + line[1:]


@caller("session", reads="nothing")
def new() -> Response:
    """An empty rule, or one for a period."""
    version = newest()
    kind = "campaign" if request.args.get("kind") == "campaign" else "rule"
    first = {"first": now().astimezone(zone()).date().isoformat()} if kind == "campaign" else {}
    return _form(Form({**NEW, **first, "kind": kind, "key": save_order_rules.new_key()}, {}), version, version.number)


@caller("session", reads="nothing")
def edit(key: str) -> Response:
    """One rule in its form."""
    version = newest()
    rule = version.programme.orders.rule(key)
    if rule is None:
        raise NotFound(Said("frame.error.not_found"))
    kind = "campaign" if rule.campaign else "rule"
    return _form(Form({**rule_form.form_of(rule, zone()), "kind": kind}, {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form, or show what is wrong at its fields."""

    wrong = not_in_the_shop(rule_form.IDS)

    def saved(conn: Connection, form: dict[str, str], start: int) -> int:
        return save_order_rules.save_rule(conn, shop(), rule_form.read(form, zone(), wrong), edit_of(form, start))

    period = request.form.get("first", "").strip() or request.form.get("last", "").strip()
    return saved_or_shown(saved, _form, "campaigns" if period else "order_rules", Editor(_fields))


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """What shoppers read of the rule that is typed while it holds, and what it costs."""
    return previews.asked(_saving, Editor(_fields), BESIDE)


def _saving(conn: Connection, form: dict[str, str], start: int) -> int:
    return save_order_rules.save_rule(conn, shop(), rule_form.read(form, zone()), edit_of(form, start))


def _at(typed: Typed) -> datetime:
    """When the rule begins, if that is to come."""
    rule = typed.programme.orders.rule(typed.form.get("key", ""))
    return max(rule.starts_at, now()) if rule and rule.starts_at else now()


def _costs(typed: Typed) -> Sequence[str]:
    rule = typed.programme.orders.rule(typed.form.get("key", ""))
    return cost_words.of_rule(typed, rule, _at(typed)) if rule else cost_words.of_orders(typed)


def _samples() -> Mapping[str, str]:
    return NEW | {"name": t("programme.order_rules.new.rule"), "points": "1"}


BESIDE = Beside(("headline", "more"), _costs, samples=_samples, at=_at)


def _fields(programme: Programme, typed: Mapping[str, str]) -> Mapping[str, str] | None:
    """The form of the rule that was typed, as a programme has it."""
    rule = programme.orders.rule(typed.get("key", ""))
    return rule_form.form_of(rule, zone()) if rule else None


def _form(form: Form, version: Version, start: int, status: int = 200) -> Response:
    rule = version.programme.orders.rule(form.values.get("key", ""))
    state = save_order_rules.state_of(rule, now()) if rule else ""
    return page(
        "admin/programme/earn/order_rule.html",
        status,
        form=form,
        version=version,
        based_on=start,
        effects=[(effect, t(f"programme.order_rules.kinds.{effect}")) for effect in EFFECTS],
        step=step(),
        weekdays=rule_summary.WEEKDAYS,
        channels=rule_summary.CHANNELS,
        sources=_sources(form),
        campaign=form.values.get("kind") == "campaign",
        state=state,
        orders=recent(),
        states=STATES,
        preview=previews.begun(form, version, _saving, Editor(_fields), BESIDE),
    )


def _sources(form: Form) -> dict[str, str]:
    """The single channels to choose from: well-known ones, those that newest orders came by, and the rule's own."""
    with transaction() as conn:
        seen = newest_orders.sources(conn, shop().id)
    own = {name.removeprefix("source.") for name in form.values if name.startswith("source.")}
    found = {*sales_channels.NAMES, *seen, *own} - sales_channels.BY_KIND
    named = ((source, sales_channels.name_of(source)) for source in found)
    return dict(sorted(named, key=lambda each: (each[0] not in sales_channels.NAMES, each[1].casefold())))


@caller("session", role="manager")
def change(key: str, what: str) -> AnyResponse:
    """Pause, resume, end or remove a rule; what is removed is asked for first."""
    rule = found(newest().programme.orders.rule(key))
    to = "campaigns" if rule.campaign else "order_rules"
    if ask := removal(what, rule.name, to, [t("programme.order_rules.kept")]):
        return ask

    def change_it(conn: Connection, start: int) -> int:
        return save_order_rules.change_rule(conn, shop(), key, what, edit_of({}, start))

    return changed(change_it, lambda message, status: _campaigns(newest(), message, status), to)
