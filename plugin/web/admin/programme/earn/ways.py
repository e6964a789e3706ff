"""Programme, Earn: everything that members earn with, in one list, the base rate first; and what can be added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, Response

from plugin.actions.programme import save_automatic, save_order_rules
from plugin.rules.activities.activity_rules import ONLY_ONE
from plugin.rules.orders import rule_summary
from plugin.rules.programme import Programme
from plugin.rules.versions.programme_presets import PRESETS
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import link, page
from plugin.web.admin.programme.earn import activities, automatic, order_rules
from plugin.web.admin.programme.rules.versions import plan
from plugin.web.admin.programme.saving import newest
from plugin.web.auth import caller
from plugin.web.current import now, shop
from plugin.web.shown import major, offered, points
from plugin.web.words import t


@dataclass(frozen=True)
class Way:
    """One row: what it is called, where it is edited, what sort it is, what it gives, its state with its tone, and the
    address that switches it (empty where its editor does)."""

    name: str
    href: str
    sort: str
    gives: str
    state: tuple[str, str]
    switch: str = ""
    on: bool = True


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme", "programme", shown)
    app.add_url_rule("/app/programme/add", "add_way", add)


@caller("session", reads="nothing")
def shown() -> Response:
    """Every way to earn of the newest version."""
    version = newest()
    return page("admin/programme/earn/ways.html", version=version, ways=list(_ways(version)), presets=PRESETS)


@caller("session", reads="nothing")
def add() -> Response:
    """What there is to choose from, as cards."""
    version = newest()
    there = {one.kind for one in version.programme.activities}
    kinds = [kind for kind in activities.KINDS if kind not in ONLY_ONE or kind not in there]
    return page("admin/programme/earn/add.html", version=version, kinds=kinds, triggers=automatic.TRIGGERS)


def _ways(version: Version) -> Iterator[Way]:
    programme, at = version.programme, plan(version)
    yield from _plain(programme, at)
    for rule in programme.orders.rules:
        state = save_order_rules.state_of(rule, now())
        yield Way(
            rule.name,
            link("order_rule", key=rule.key, **at),
            t("programme.ways.sort.campaign" if rule.campaign else "programme.ways.sort.rule"),
            rule_summary.effect(rule, shop().currency),
            (t(f"programme.state.{state}"), order_rules.STATES[state]),
            _switch("change_order_rule", rule.active, key=rule.key) if state != "ended" else "",
            rule.active,
        )
    for one in programme.activities:
        yield Way(
            one.name,
            link("activity", activity_id=one.id, **at),
            t(f"programme.activities.kind.{one.kind}"),
            points(one.points, programme.points_name),
            offered(one),
            _switch("change_activity", one.active, activity_id=one.id),
            one.active,
        )
    for gift in (*programme.milestones, *programme.automatic):
        row = automatic.row_of(gift, programme, {})
        yield Way(
            gift.name,
            link("automatic_rule", rule_id=gift.id, **at),
            t(f"programme.automatic.trigger.{save_automatic.trigger_of(gift)}"),
            row["gives"],
            row["state"],
            _switch("change_automatic", gift.active, rule_id=gift.id),
            gift.active,
        )


def _plain(programme: Programme, at: dict[str, int]) -> Iterator[Way]:
    """What every programme has, once: the rate, the welcome, the code for the next order, cashback."""
    rate, code, back = programme.earning, programme.next_order_code, programme.cashback
    name = programme.points_name
    gives = t("programme.ways.rate", points=points(rate.points, name), amount=major(rate.per_amount))
    yield Way(
        t("programme.ways.orders"), link("earning", **at), t("programme.ways.sort.base"), gives, _on(rate.points > 0)
    )
    welcome = points(programme.welcome_points, name)
    yield Way(
        t("programme.activities.account"),
        link("earning", **at),
        t("programme.activities.welcome"),
        welcome,
        _on(programme.welcome_points > 0),
    )
    off = f"{code.value.normalize():f}%" if code.kind == "percent" else major(code.value)
    yield Way(
        t("programme.rules.code"),
        link("next_order_code", **at),
        t("programme.ways.sort.code"),
        t("programme.ways.off", value=off),
        _on(code.enabled),
    )
    yield Way(
        t("frame.tab.cashback"),
        link("cashback", **at),
        t("programme.ways.sort.cashback"),
        f"{back.percent.normalize():f}%",
        _on(back.enabled),
    )


def _on(on: bool) -> tuple[str, str]:
    return (t("programme.state.running"), "success") if on else (t("programme.activities.off"), "neutral")


def _switch(endpoint: str, active: bool, **which: str) -> str:
    return link(endpoint, what="pause" if active else "resume", **which)
