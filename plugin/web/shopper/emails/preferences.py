"""Which emails a member wants: one click to end some, and a page for all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Flask, Response, request

from plugin.actions.sending import refuse_emails
from plugin.actions.sending.email_links import email_links
from plugin.actions.sending.refuse_emails import Wishes
from plugin.rules.message_kinds import MessageKind, kind_of
from plugin.rules.reach import PROMOTIONAL
from plugin.rules.sending import wishes as rules
from plugin.rules.sending.signed_links import PATH
from plugin.rules.types import SUBSCRIBED
from plugin.rules.words.catalogues import LANGUAGES
from plugin.store.members.members import Member
from plugin.store.sending import optouts
from plugin.store.versions import programmes
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper.emails.link import language_names, link, page, reader


def register(app: Flask) -> None:
    """Add the routes."""
    at = f"{PATH}/<token>"
    app.add_url_rule(at, "email_wishes", preferences)
    app.add_url_rule(at, "save_email_wishes", save, methods=["POST"])
    app.add_url_rule(f"{at}/unsubscribe", "ask_unsubscribe", ask)
    app.add_url_rule(f"{at}/unsubscribe", "unsubscribe", unsubscribe, methods=["POST"])


@caller("link")
def preferences(token: str) -> Response:
    """The page."""
    return _page(token)


def _page(token: str, said: str = "") -> Response:
    with transaction() as conn:
        member = reader(conn)
        if member is None:
            return page("nobody.html", None, 410)
        refused = optouts.refused(conn, shop().id, [member.id]).get(member.id, frozenset())
        consent = refuse_emails.consent_of(conn, shop().id, member)
        confirmation = programmes.current(conn, shop().id, now()).programme.confirmation
    offered = rules.offered(shop().settings, confirmation, refused)
    chosen = {kind for kind in rules.REFUSABLE if rules.wanted(kind, refused, no_emails=member.no_emails)}
    return page(
        "preferences.html", member, token=token, said=said, address=_masked(member.email), chosen=chosen,
        optional=_among(rules.OPTIONAL, offered), offers=_among(rules.OFFERS, offered),
        unlisted=_among(rules.REFUSABLE, chosen - offered),
        promotions=consent == SUBSCRIBED and PROMOTIONAL not in refused,
        has_account=member.customer_id is not None, languages=language_names(LANGUAGES), language=member.chosen_locale,
    )  # fmt: skip


def _among(kinds: Sequence[MessageKind], offered: Collection[MessageKind]) -> list[MessageKind]:
    return [kind for kind in kinds if kind in offered]


@caller("link")
def save(token: str) -> Response:
    """Keep what the page says; with its other button, end everything."""
    with transaction() as conn:
        member = reader(conn)
        if member is not None and request.form.get("stop") == "all":
            refuse_emails.end_all(conn, shop(), member, now())
        elif member is not None:
            refuse_emails.choose(conn, shop(), member, _read(member), now())
    return _page(token, "shopper.emails.saved")


def _read(member: Member) -> Wishes:
    """What was sent; kinds and languages that we don't have are passed over."""
    named = set(request.form.getlist("kind"))
    language = request.form.get("language", "")
    return Wishes(
        kinds=[kind for kind in rules.REFUSABLE if kind in named],
        promotions=request.form.get("promotions") == "yes" and member.customer_id is not None,
        language=language if language in LANGUAGES else "",
    )


@caller("link")
def ask(token: str) -> Response:
    """What the click would end, and the button that does it: opening the page changes nothing."""
    with transaction() as conn:
        member = reader(conn)
    if member is None:
        return page("nobody.html", None, 410)
    kind = _kind()
    if kind is None:
        return _page(token, "shopper.emails.always")
    offers = PROMOTIONAL in rules.refused_by_a_click(kind)
    return page("unsubscribe.html", member, token=token, kind=kind, offers=offers, done=False)


@caller("link")
def unsubscribe(token: str) -> Response:
    """One click (RFC 8058), by a person or by their mail program. Said again, it is as it was."""
    kind = _kind()
    with transaction() as conn:
        member = reader(conn)
        if member is not None and kind is not None:
            refuse_emails.by_one_click(conn, shop(), member, kind, now())
    if member is None:
        return page("nobody.html", None)
    if kind is None:
        return _page(token, "shopper.emails.always")
    offers = PROMOTIONAL in rules.refused_by_a_click(kind)
    return page("unsubscribe.html", member, token=token, kind=kind, offers=offers, done=True)


def _kind() -> MessageKind | None:
    """The kind of the link's email, where members can refuse it."""
    kind = kind_of(link().kind) if link().kind else None
    return kind if kind is not None and rules.refusable(kind) else None


def preferences_url(member_id: int) -> str:
    """A member's page of their own, for a page of ours that knows who they are."""
    with transaction() as conn:
        links = email_links(conn, parts().settings)
    return links.links(shop().id, member_id, "", now()).preferences_url


def _masked(address: str) -> str:
    """Enough to know one's own address by, for an email may have been passed on."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if domain else ""
