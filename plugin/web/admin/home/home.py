"""Home: what is to be set up, how the programme does, what waits for staff, and whether everything works."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from plugin.errors import NotFound
from plugin.rules.retention.outcomes import PERIODS
from plugin.rules.words.texts import Said
from plugin.store.members.member_list import NO_TIER
from plugin.store.reports import outcomes, reports
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import page
from plugin.web.admin.home import guide, health_checks, outcome_figures
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction


def register(app: Flask) -> None:
    """Add the route, at the app's own address and at the one in shopify.app.toml."""
    app.add_url_rule("/app", "home", home)
    app.add_url_rule("/", "root", home)
    app.add_url_rule("/app/<path:anything>", view_func=nowhere)


@caller("session", reads="nothing")
def home() -> Response:
    """The guide, the outcomes of a period, to-dos, and one line about health."""
    days = outcome_figures.days_asked(request.args.get("days", ""))
    with transaction() as conn:
        works = reports.works(conn, shop().id, now())
        version = programmes.current(conn, shop().id, now())
        seen = outcome_figures.seen(conn, days)
        values: dict[str, Any] = {
            "tiers": _tiers(seen.people, version),
            "waiting": health_checks.waiting(conn),
        }
        checks = health_checks.all_checks(conn, works)
    name = version.programme.points_name
    return page(
        "admin/home/home.html",
        works=works,
        version=version,
        checks=checks,
        wrong=[check for check in checks if check.wrong],
        guide=guide.shown(works, version),
        leads=guide.LEADS,
        seen=seen,
        periods=PERIODS,
        cards=outcome_figures.cards(seen, name),
        charts=outcome_figures.charts(seen, name),
        **values,
    )


def _tiers(people: outcomes.People, version: Version) -> list[tuple[str, str, int]]:
    """Each tier's key and name, the highest first, and none, with how many members stand in it."""
    levels = version.programme.tiers.levels
    if not levels:
        return []
    inside = [(tier.key, tier.name, people.tiers.get(tier.key, 0)) for tier in reversed(levels)]
    return [*inside, (NO_TIER, "", people.members - sum(number for *_, number in inside))]


@caller("session", reads="nothing")
def nowhere(anything: str) -> Response:
    """An address of the panel that does not exist: said in the admin's frame, with a way back."""
    raise NotFound(Said("home.nowhere", path=anything[:100]))
