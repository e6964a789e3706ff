"""How values look on a page: in the shop's time zone and currency, as the reader's language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import get_decimal_symbol
from flask import Flask

from plugin.rules import explain, formats, subjects
from plugin.rules.activities.activity_rules import Activity
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.names import actors
from plugin.rules.rewards.kinds import Reward
from plugin.rules.types import Reason
from plugin.rules.words.catalogues import ENGLISH
from plugin.web.current import colleagues, now, shop, staff
from plugin.web.noted import noted
from plugin.web.words import language, t, written

FILTERS = ("money", "number", "points", "unit", "signed", "moment", "inside", "day", "last_day", "edge", "ago",
           "because", "amount_text", "who", "major", "percent",
           "on_day", "money_in")  # fmt: skip


def register(app: Flask) -> None:
    """Give the filters to the templates."""
    for name in FILTERS:
        app.jinja_env.filters[name] = globals()[name]
    app.jinja_env.filters["noted"] = noted
    app.jinja_env.globals["now"] = now


def zone() -> ZoneInfo:
    """The shop's time zone."""
    return shop().zone


@written
def money(minor: int) -> str:
    """Minor units in the shop's currency."""
    return formats.money(minor, shop().currency, language())


@written
def money_in(minor: int, currency: str) -> str:
    """Minor units of a currency that may be another than the shop's."""
    return formats.money(minor, currency, language())


@written
def on_day(value: date) -> str:
    """A day of the shop."""
    locale = language()
    if locale.language == ENGLISH:
        return format_date(value, "d MMM y", locale=locale)
    return str(format_skeleton("yMMMd", value, locale=locale))


@written
def major(amount: Decimal) -> str:
    """An amount of the shop's money as the programme holds it, as short as people write it: `₱50`."""
    return formats.short_money(to_minor(amount, minor_digits(shop().currency)), shop().currency, language())


@written
def percent(value: Decimal) -> str:
    """Ten as `10%`."""
    return formats.percent(value, language())


def step() -> str:
    """The smallest amount of the shop's currency, as fields of amounts count."""
    digits = minor_digits(shop().currency)
    return f"{10**-digits:.{digits}f}"


@written
def number(value: int) -> str:
    """A whole number with grouping, and a real minus."""
    return formats.number(value, language()).replace("-", "−")


@written
def points(value: int, name: str) -> str:
    """So many points, by the shop's name for them."""
    return formats.points(value, name, language())


@written
def unit(value: int, name: str) -> str:
    """What stands beside a number of points that is written large."""
    return formats.unit_beside(value, name, language())


@written
def signed(value: int) -> str:
    """A change: +45 or −45."""
    return f"{'+' if value >= 0 else '−'}{number(abs(value))}"


@written
def moment(value: datetime | None) -> str:
    """A time: short for today, with the date otherwise."""
    if value is None:
        return "–"
    local = value.astimezone(zone())
    if local.date() == now().astimezone(zone()).date():
        return t("frame.when.today", time=f"{local:%H:%M}")
    return f"{on_day(local.date())}, {local:%H:%M}"


@written
def inside(value: datetime | None) -> str:
    """The same within a sentence: `since today, 07:29`."""
    text = moment(value)
    return text[:1].lower() + text[1:]


@written
def edge(value: datetime, end: bool = False) -> str:
    """Where a period begins or ends: the first or last whole day, with the time where it is not midnight."""
    local = value.astimezone(zone())
    if local.time() != time():
        return f"{on_day(local.date())}, {local:%H:%M}"
    return last_day(value) if end else day(value)


@written
def last_day(value: datetime | None) -> str:
    """The last whole day before the moment at which something ends."""
    return day(value - timedelta.resolution) if value else "–"


def utc(cell: object) -> object:
    """A cell of a file: times in UTC, to the second."""
    return cell.astimezone(UTC).isoformat(timespec="seconds") if isinstance(cell, datetime) else cell


@written
def who(actor: str) -> str:
    """Who did something: staff by the name that Shopify told us, where it did."""
    kind, name = subjects.told_apart(actor)
    if kind == actors.Staff.WORD:
        known = colleagues().get(name)
        named = known.name if known and known.name else t("frame.who.staff", ending=name[-4:])
        return t("frame.who.you") if actor == staff().actor else named
    others = {"suki": "Suki", "shopify": "Shopify", "cli": t("frame.who.cli")}
    return t("frame.who.api_key", name=name) if kind == actors.ApiKey.WORD else others.get(actor, actor)


@written
def day(value: datetime | None) -> str:
    """A date."""
    return on_day(value.astimezone(zone()).date()) if value else "–"


@written
def date_of(value: date) -> str:
    """A day of the shop's calendar."""
    return on_day(value)


@written
def ago(value: datetime | None) -> str:
    """How long ago: `5 minutes ago`."""
    if value is None:
        return t("frame.when.never")
    gone = now() - value
    if gone < timedelta(seconds=45):
        return t("frame.when.now")
    return str(format_timedelta(-gone, add_direction=True, locale=language()))


@written
def because(reason: Reason, points_name: str = "points") -> str:
    """A reason in words, for staff."""
    return explain.words(reason, language(), "staff", points_name=points_name, currency=shop().currency)


@written
def amount_text(value: str) -> str:
    """A stored decimal as people write it: `10.000` becomes `10`, `1.50` becomes `1.5` or `1,5`."""
    return explain.plain(value).replace(".", get_decimal_symbol(language()))


def offered(one: Reward | Activity) -> tuple[str, str]:
    """A word for the state of what members may be offered, and its tone."""
    if not one.active:
        return t("programme.state.paused"), "neutral"
    if one.starts_at is not None and one.starts_at > now():
        return t("programme.state.planned"), "info"
    if one.ends_at is not None and one.ends_at <= now():
        return t("programme.state.ended"), "neutral"
    return t("programme.state.running"), "success"
