"""How values look on a page: in the shop's time zone and currency."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from flask import Flask

from plugin.rules import explain, formats, subjects
from plugin.rules.activities.activity_rules import Activity
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.names import actors
from plugin.rules.rewards.kinds import Reward
from plugin.rules.types import Reason
from plugin.web.current import colleagues, now, shop, staff
from plugin.web.noted import noted
from plugin.web.words import language, t

LOCALE = Locale("en")
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


def money(minor: int) -> str:
    """Minor units in the shop's currency."""
    return formats.money(minor, shop().currency, LOCALE)


def money_in(minor: int, currency: str) -> str:
    """Minor units of a currency that may be another than the shop's."""
    return formats.money(minor, currency, LOCALE)


def on_day(value: date) -> str:
    """A day of the shop."""
    return format_date(value, "d MMM y", locale=LOCALE)


def major(amount: Decimal) -> str:
    """An amount of the shop's money as the programme holds it, as short as people write it: `₱50`."""
    return formats.bare_money(to_minor(amount, minor_digits(shop().currency)), shop().currency)


def percent(value: Decimal) -> str:
    """Ten as `10%`."""
    return formats.percent(value, LOCALE)


def step() -> str:
    """The smallest amount of the shop's currency, as fields of amounts count."""
    digits = minor_digits(shop().currency)
    return f"{10**-digits:.{digits}f}"


def number(value: int) -> str:
    """A whole number with grouping, and a real minus."""
    return formats.number(value, LOCALE).replace("-", "−")


def points(value: int, name: str) -> str:
    """So many points, by the shop's name for them."""
    return formats.points(value, name, LOCALE)


def unit(value: int, name: str) -> str:
    """What stands beside a number of points that is written large."""
    return formats.unit_beside(value, name, LOCALE)


def signed(value: int) -> str:
    """A change: +45 or −45."""
    return f"{'+' if value >= 0 else '−'}{number(abs(value))}"


def moment(value: datetime | None) -> str:
    """A time: short for today, with the date otherwise."""
    if value is None:
        return "–"
    local = value.astimezone(zone())
    if local.date() == now().astimezone(zone()).date():
        return f"Today, {local:%H:%M}"
    return format_datetime(local, "d MMM y, HH:mm", locale=LOCALE)


def inside(value: datetime | None) -> str:
    """The same within a sentence: `since today, 07:29`."""
    text = moment(value)
    return text[:1].lower() + text[1:]


def edge(value: datetime, end: bool = False) -> str:
    """Where a period begins or ends: the first or last whole day, with the time where it is not midnight."""
    local = value.astimezone(zone())
    if local.time() != time():
        return format_datetime(local, "d MMM y, HH:mm", locale=LOCALE)
    return last_day(value) if end else day(value)


def last_day(value: datetime | None) -> str:
    """The last whole day before the moment at which something ends."""
    return day(value - timedelta.resolution) if value else "–"


def utc(cell: object) -> object:
    """A cell of a file: times in UTC, to the second."""
    return cell.astimezone(UTC).isoformat(timespec="seconds") if isinstance(cell, datetime) else cell


def who(actor: str) -> str:
    """Who did something: staff by the name that Shopify told us, where it did."""
    kind, name = subjects.told_apart(actor)
    if kind == actors.Staff.WORD:
        known = colleagues().get(name)
        named = known.name if known and known.name else f"staff member …{name[-4:]}"
        return "you" if actor == staff().actor else named
    others = {"suki": "Suki", "shopify": "Shopify", "cli": "the command line"}
    return f"API key {name}" if kind == actors.ApiKey.WORD else others.get(actor, actor)


def day(value: datetime | None) -> str:
    """A date."""
    return format_date(value.astimezone(zone()), "d MMM y", locale=LOCALE) if value else "–"


def date_of(value: date) -> str:
    """A day of the shop's calendar."""
    return format_date(value, "d MMM y", locale=LOCALE)


def ago(value: datetime | None) -> str:
    """How long ago: `5 minutes ago`."""
    if value is None:
        return "never"
    gone = now() - value
    if gone < timedelta(seconds=45):
        return "just now"
    return f"{format_timedelta(gone, locale=LOCALE)} ago"


def because(reason: Reason, points_name: str = "points") -> str:
    """A reason in words, for staff."""
    return explain.words(reason, language(), "staff", points_name=points_name, currency=shop().currency)


def amount_text(value: str) -> str:
    """A stored decimal as people write it: `10.000` becomes `10`."""
    return explain.plain(value)


def offered(one: Reward | Activity) -> tuple[str, str]:
    """A word for the state of what members may be offered, and its tone."""
    if not one.active:
        return t("programme.state.paused"), "neutral"
    if one.starts_at is not None and one.starts_at > now():
        return t("programme.state.planned"), "info"
    if one.ends_at is not None and one.ends_at <= now():
        return t("programme.state.ended"), "neutral"
    return t("programme.state.running"), "success"
