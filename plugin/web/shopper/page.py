"""What the shopper's pages share: who is behind the visit, their language, and how an answer is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

from babel import Locale
from babel.dates import format_date
from flask import Response, g, render_template, request
from markupsafe import Markup
from sqlalchemy import Connection

from plugin.actions.languages import own_names
from plugin.actions.members.leave_programme import LEFT
from plugin.actions.shops import storefront
from plugin.actions.shops.show_programme import PREFIX
from plugin.errors import NotFound, SignedOut
from plugin.rules import explain, formats
from plugin.rules.look import PageLook
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words import texts
from plugin.rules.words.own_names import in_words as with_names
from plugin.rules.words.own_words import PointsName, names_of
from plugin.store.members.members import Member
from plugin.store.points import balances
from plugin.store.shops import launches
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper import proxy
from plugin.web.shopper.proxy import Visit
from plugin.web.shopper.say import Say
from plugin.web.shown import zone

_STYLE = Markup((Path(__file__).parents[1] / "static" / "shopper.css").read_text())  # noqa: S704  # our own file


@dataclass(frozen=True)
class Shopper:
    """The member behind a visit, and the programme in force."""

    member: Member
    version: Version
    available: int
    pending: int
    points_name: PointsName
    on_hold: int = 0

    @property
    def owed(self) -> int:
        """What the next points make up for; what is only set aside is not owed."""
        return max(0, -(self.available + self.on_hold))

    @property
    def programme(self) -> Programme:
        """The programme in force with its names in the reader's language: to be shown. Acts go by the version's own."""
        return with_names(self.version.programme, self.points_name)


def visit() -> Visit:
    """The proved visit."""
    return cast(Visit, g.visit)


def path_prefix() -> str:
    """Where the app stands in the storefront: as the visit came by it, or as it last did, where a token came."""
    at = visit()
    return str(shop().settings.get(PREFIX, at.path_prefix)) if at.token else at.path_prefix


def address(path: str) -> str:
    """The storefront's own host, with the path under which Shopify answers for us there."""
    store = urlsplit(shop().storefront)
    return f"{store.scheme}://{store.netloc}{path_prefix()}{path}"


def member_behind(conn: Connection) -> Member | None:
    """The customer who is signed in, as a member, or as one who has left; None for everybody else."""
    member = launches.behind(conn, shop().id, visit().customer_id)
    return member if member is not None and member.state in ("member", LEFT) else None


def shopper_of(conn: Connection) -> Shopper | None:
    """The member who is signed in; None for nobody, for a customer we do not know, and for one who has left."""
    member = member_behind(conn)
    return None if member is None or member.state == LEFT else as_shopper(conn, member)


def as_shopper(conn: Connection, member: Member) -> Shopper:
    """A member with what they have, by the programme in force."""
    has = balances.of_one(conn, shop().id, member, now())
    version = programmes.at(programmes.versions(conn, shop().id), now())
    said = words(conn, version.programme, member.locale)
    return Shopper(member, version, has.available, has.pending, said, has.on_hold)


def words_of(conn: Connection, wanted: str = "") -> PointsName:
    """The same of the programme in force."""
    return words(conn, programmes.current(conn, shop().id, now()).programme, wanted)


def words(conn: Connection, programme: Programme, wanted: str = "") -> PointsName:
    """What the shop calls its points, and all else, for who reads this; `wanted` is the member's language. Staff read
    what the shop wrote."""
    if "visit" not in g:
        name = programme.points_name
        return name if isinstance(name, PointsName) else PointsName(name)
    return own_names.words(conn, shop(), programme, formats.reader_locale(language_of(wanted)))


def signed_in(conn: Connection) -> Shopper:
    """The member who is signed in; SignedOut for nobody, NotFound for a customer who is no member."""
    shopper = shopper_of(conn)
    if shopper is None:
        raise no_member()
    return shopper


def no_member() -> NotFound:
    """Why a page of one's own is not there: nobody is signed in, or somebody who is no member."""
    return SignedOut("Nobody is signed in") if visit().customer_id is None else NotFound("This is for members.")


def language_of(wanted: str = "") -> str:
    """The first that we have of the visit's language, the member's and the shop's; else English."""
    return str(formats.reader_locale(visit().locale, wanted, shop().locale)).replace("_", "-")


def in_words(reason: Reason) -> str:
    """A reason for the shopper who is signed in."""
    with transaction() as conn:
        shopper = signed_in(conn)
    language = language_of(shopper.member.locale)
    locale = formats.reader_locale(language)
    return explain.words(reason, locale, "shopper", points_name=shopper.points_name)


def page(template: str, wanted: str, status: int = 200, **values: Any) -> Response:
    """A page within the shop's theme; `wanted` is the member's language."""
    visited = {"at": visit().path_prefix, "sign_in": _sign_in(), "key": proxy.new_key(parts().settings, visit())}
    locale = formats.reader_locale(language_of(wanted))
    html = drawn(template, locale, storefront.pages(shop()), **visited, **values)
    return proxy.liquid(str(html), status)


def drawn(template: str, locale: Locale, look: PageLook, /, **values: Any) -> Markup:
    """A page in a language and a look; what it has of the visit is among the values."""
    say = Say(locale)
    points_name: str = values.get("points_name", "points")
    html = render_template(
        f"shopper/{template}", lang=locale.language, t=say, counted=say.counted,
        points_word=formats.points_unit(points_name, locale),
        number=partial(_number, locale), points=partial(_points, points_name, locale),
        unit=partial(_unit, points_name, locale),
        gained=partial(_gained, points_name, locale), day=partial(_day, locale), last_day=partial(_last_day, locale),
        because=partial(explain.words, locale=locale, audience="shopper", points_name=points_name),
        headline=partial(explain.headline, locale=locale, points_name=points_name), reasons_of=explain.reasons_of,
        locale=locale, named=names_of(points_name), copying=_copying(say), style=_STYLE, look_css=look.css,
        picture=look.picture, to_shop=shop().storefront,
        **values,
    )  # fmt: skip
    return Markup(html)  # noqa: S704  # a template's own, which has escaped what came into it


def _sign_in() -> str:
    """Where somebody signs in who comes back to this page then; after a form, to their rewards. Source: shopify.dev,
    `routes.storefront_login_url`."""
    here = request.path.removeprefix("/proxy") if request.method == "GET" or "mark" in _named() else "/rewards"
    return f"/customer_authentication/login?return_to={quote(visit().path_prefix + here, safe='')}"


def _named() -> dict[str, Any]:
    """The parts of the address; with a link's mark, the page is the same for a form and without."""
    return request.view_args or {}


def _copying(say: Say) -> Markup:
    """What makes an element one that can be copied, for the pages' script."""
    return Markup(' data-copy="{}" data-copied="{}"').format(say("shopper.shared.copy"), say("shopper.shared.copied"))


def _number(locale: Locale, value: int) -> str:
    """With a real minus, for who owes points."""
    return formats.number(value, locale).replace("-", "−")


def _points(name: str, locale: Locale, count: int) -> str:
    return formats.points(count, name, locale)


def _gained(name: str, locale: Locale, count: int) -> str:
    return texts.gained(locale, count, name)


def _unit(name: str, locale: Locale, count: int) -> str:
    """What stands beside a number that is written large."""
    return formats.unit_beside(count, name, locale)


def _day(locale: Locale, value: datetime | None) -> str:
    return format_date(value.astimezone(zone()), "medium", locale=locale) if value else ""


def _last_day(locale: Locale, end: datetime | None) -> str:
    """The last day of something that ends with that day's midnight."""
    return format_date(shop().last_day(end), "medium", locale=locale) if end else ""


def sayer(wanted: str) -> Say:
    """Puts a text into the visitor's language; `wanted` is the member's, empty for nobody's."""
    return Say(formats.reader_locale(language_of(wanted)))


def members_sayer() -> Say:
    """The same, for the member who is signed in."""
    with transaction() as conn:
        shopper = shopper_of(conn)
    return sayer(shopper.member.locale if shopper else "")
