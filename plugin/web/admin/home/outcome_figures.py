"""The figures of a period as Home shows them: cards with what they were before, two charts, and the days as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.reports import refresh_days
from plugin.rules.formats import DEFAULT_POINTS_NAME
from plugin.rules.money import to_decimal
from plugin.rules.points.member_file import as_csv
from plugin.rules.retention.outcomes import NOTHING, PERIODS, Figures, Period, change, total, up_to
from plugin.store.reports import outcomes
from plugin.store.reports.outcomes import People
from plugin.web import charts as bars
from plugin.web import shown
from plugin.web.admin.frame.layout import page
from plugin.web.auth import caller
from plugin.web.charts import Bars
from plugin.web.current import now, shop, transaction
from plugin.web.words import counted, t

USUAL = 30
DEFINED = (
    "members", "joined", "given", "used", "rate", "orders", "member_orders", "member_revenue", "code_orders", "tiers",
    "change", "fresh",
)  # fmt: skip
"""What the page of definitions explains, by `home.define.<key>`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A period of so many days, what each day of it came to, all of them together, and the days before."""

    days: int
    period: Period
    by_day: Mapping[date, Figures]
    now: Figures
    before: Figures
    people: People

    @property
    def every_day(self) -> list[tuple[date, Figures]]:
        """Each day, the oldest first."""
        return [(day, self.by_day.get(day, NOTHING)) for day in self.period.days]


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: its key, value, what else it says, how it changed, and the page of what it is made of."""

    key: str
    value: str
    note: str
    moved: str
    up: bool | None
    rows: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: the key of its words, its bars, and what the full height stands for, in words."""

    key: str
    bars: Bars
    top: str


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/home/days.csv", "days_csv", days_csv)
    app.add_url_rule("/app/home/definitions", "definitions", definitions)


def days_asked(text: str) -> int:
    """The period in the address; nonsense is the usual one."""
    return next((days for days in PERIODS if str(days) == text), USUAL)


def seen(conn: Connection, days: int) -> Seen:
    """What the shop's last days came to, today with them."""
    today = shop().day(now())
    period = up_to(today, days)
    both = Period(period.before.first, period.last)
    found = outcomes.read(conn, shop().id, both, refresh_days.by_of(shop()), up_to(today, 2))
    return Seen(
        days,
        period,
        found,
        total(each for day, each in found.items() if day >= period.first),
        total(each for day, each in found.items() if day < period.first),
        outcomes.people(conn, shop().id, shop().settings),
    )


def cards(found: Seen, points_name: str) -> list[Card]:
    """The figures, outcomes of the programme first."""
    has, had = found.now, found.before
    of_orders = t("home.note.of_orders", orders=shown.number(has.orders))
    of_revenue = _percent_of(has.member_percent, has.net_minor)
    rate = "–" if has.redemption_percent is None else shown.percent(has.redemption_percent)
    was = had.redemption_percent
    plain = points_name == DEFAULT_POINTS_NAME
    given, used = ("" if plain else shown.unit(each, points_name) for each in (has.given, has.used))
    code_money = t("home.note.code_money", money=shown.money(has.code_net_minor))
    guests = counted("home.note.guests", found.people.guests) if found.people.guests else ""
    rows = {"days": str(found.days)}
    joined = {"who": "all", "joined_within": str(found.days), "sort": "joined"}
    return [
        Card("members", shown.number(found.people.members), guests, "", None, "members", {}),
        _card("joined", shown.number(has.joined), "", (has.joined, had.joined), found, "members", joined),
        _card("member_revenue", shown.money(has.member_net_minor), of_revenue,
              (has.member_net_minor, had.member_net_minor), found, "outcome_orders", {"who": "members", **rows}),
        _card("member_orders", shown.number(has.member_orders), of_orders, (has.member_orders, had.member_orders),
              found, "outcome_orders", {"who": "members", **rows}),
        _card("code_orders", shown.number(has.code_orders), code_money, (has.code_orders, had.code_orders), found,
              "outcome_orders", {"who": "codes", **rows}),
        _card("given", shown.number(has.given), given, (has.given, had.given), found, "outcome_points",
              {"which": "given", **rows}),
        _card("used", shown.number(has.used), used, (has.used, had.used), found, "outcome_points",
              {"which": "used", **rows}),
        Card("rate", rate, t("home.note.was", percent=shown.percent(was)) if was is not None else "", "", None,
             "outcome_points", {"which": "used", **rows}),
    ]  # fmt: skip


def _card(
    key: str, value: str, note: str, pair: tuple[int, int], found: Seen, rows: str, query: Mapping[str, str]
) -> Card:
    percent = change(*pair)
    if percent is None:
        moved = counted("home.change.none", found.days) if pair[0] else ""
        return Card(key, value, note, moved, None, rows, query)
    if percent == 0:
        return Card(key, value, note, counted("home.change.same", found.days), None, rows, query)
    words = "home.change.more" if percent > 0 else "home.change.less"
    return Card(key, value, note, counted(words, found.days, percent=shown.percent(abs(percent))), percent > 0,
                rows, query)  # fmt: skip


def _percent_of(percent: Decimal | None, net_minor: int) -> str:
    if percent is None:
        return ""
    return t("home.note.of_revenue", percent=shown.percent(percent), money=shown.money(net_minor))


def charts(found: Seen, points_name: str) -> list[Chart]:
    """What was sold a day, and by members of it; points given and used."""
    days = [each for _, each in found.every_day]
    sold = bars.stacked([each.net_minor for each in days], [each.member_net_minor for each in days])
    points = bars.side_by_side([each.given for each in days], [each.used for each in days])
    return [
        Chart("revenue", sold, shown.money(sold.top)),
        Chart("points", points, shown.points(points.top, points_name)),
    ]


HEADINGS = (
    "day", "orders", "revenue", "member_orders", "member_revenue", "code_orders", "code_revenue", "joined", "given",
    "used", "expired", "currency",
)  # fmt: skip


@caller("session", role="manager", reads="nothing")
def days_csv() -> Response:
    """Each day of the period and of the one before, as a file."""
    days = days_asked(request.args.get("days", ""))
    with transaction() as conn:
        found = seen(conn, days)
    every = [*found.period.before.days, *found.period.days]
    lines: list[list[object]] = [list(HEADINGS), *(_line(day, found.by_day.get(day, NOTHING)) for day in every)]
    name = f"days-{found.period.last.isoformat()}.csv"
    return Response(
        "\ufeff" + as_csv(lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _line(day: date, each: Figures) -> list[object]:
    def money(minor: int) -> Decimal:
        return to_decimal(minor, shop().currency)

    return [day.isoformat(), each.orders, money(each.net_minor), each.member_orders, money(each.member_net_minor),
            each.code_orders, money(each.code_net_minor), each.joined, each.given, each.used, -each.expired,
            shop().currency]  # fmt: skip


@caller("session", reads="nothing")
def definitions() -> Response:
    """How each figure is computed."""
    return page("admin/home/definitions.html", defined=DEFINED)
