"""Requests by a link of an email: the signed link says whose it is, and nobody signs in.

Mail programs, and the scanners in front of them, open every link of an email before a person does, so a GET changes
nothing. A link opens one member's wishes about emails and nothing else of them.
"""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from babel import Locale
from flask import Response, g, make_response, render_template, request
from sqlalchemy import Connection

from plugin.actions.sending.email_links import email_links
from plugin.errors import Forbidden, NotFound, SukiError
from plugin.observe import get_logger
from plugin.rules import formats
from plugin.rules.message_kinds import MessageKind
from plugin.rules.sending.signed_links import PATH, Link
from plugin.rules.words import catalogues
from plugin.store.database import db
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops import shops
from plugin.web.admin.frame.layout import asset
from plugin.web.current import now, parts, shop
from plugin.web.shopper.say import Say

log = get_logger()
NOT_OURS, OVER = "shopper.emails.not_ours", "shopper.emails.over"


class LinkOver(NotFound):
    """The link was genuine, and its time is over."""

    status = 410


def wanted() -> bool:
    """Whether the request came by a link of an email, so that errors are a page for its reader."""
    return request.path.startswith(f"{PATH}/")


def open_link(token: str) -> None:
    """Let the request through for the member of its link. Forbidden: we did not make it. LinkOver: it has ended."""
    with db.system_transaction(parts().engine) as conn:
        link = email_links(conn, parts().settings).read(token)
        if link is None:
            log.warning("email_link_forged", path=PATH)
            raise Forbidden("This link is not complete, or not one of ours")
        db.enter_shop(conn, link.shop_id)
        found = shops.find(conn, link.shop_id)
    if found is None or found.state == "redacted":
        raise LinkOver("The shop of this link was deleted")
    g.shop, g.link = found, link
    if link.over(now()):
        raise LinkOver("This link has ended")


def link() -> Link:
    """The proved link."""
    return cast(Link, g.link)


def reader(conn: Connection) -> Member | None:
    """Whose link it is, or whom they were merged into; None once their data was erased."""
    member = members.get(conn, shop().id, link().member_id)
    while member is not None and member.merged_into is not None:
        member = members.get(conn, shop().id, member.merged_into)
    return member if member is not None and member.state != "erased" else None


def page(template: str, member: Member | None, status: int = 200, **values: Any) -> Response:
    """A page of its own, outside the shop's theme, in the language that the member reads emails in."""
    tags = (member.chosen_locale, member.locale) if member is not None else ()
    locale = formats.reader_locale(*tags, shop().locale if "shop" in g else _browsers())
    say = Say(locale)
    html = render_template(
        f"shopper/emails/{template}", t=say, named=partial(_named, say), lang=str(locale).replace("_", "-"),
        dir=locale.text_direction, style=asset("email.css"), shop=g.get("shop"), **values,
    )  # fmt: skip
    answer = make_response(html, status)
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return answer


def _named(say: Say, kind: MessageKind) -> str:
    """What shoppers call a kind; one without such a name, what staff call it."""
    key = f"shopper.emails.kind.{kind}"
    return say(key) if catalogues.knows(key) else kind.about.label


def told(error: SukiError) -> Response:
    """Why there is no page here, for a person to read."""
    key = {403: NOT_OURS, 410: OVER}.get(error.status, "shopper.trouble.ours" if error.status >= 500 else NOT_OURS)
    return page("trouble.html", None, error.status, key=key)


def _browsers() -> str:
    best = request.accept_languages.best
    return best if best and best != "*" else ""


def language_names(languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each language by its own name."""
    return [(tag, (Locale.parse(tag).get_display_name(tag) or tag).capitalize()) for tag in languages]
