"""`suki messages`: the kinds of email there are, and how one looks, on standard output."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from plugin.cli_staff import opened
from plugin.errors import BadInput, NotFound
from plugin.settings import load_settings

if TYPE_CHECKING:  # what it imports in turn counts metrics, before it is known where
    from sqlalchemy import Connection

    from plugin.messages.kind import SampleShop
    from plugin.rules.brand import Brand
    from plugin.rules.emails.design import Content
    from plugin.rules.message_kinds import MessageKind
    from plugin.rules.messages import MailContext
    from plugin.rules.programme import Programme
    from plugin.store.shops.shops import Shop

SHOP = click.option("--shop", "domain", metavar="DOMAIN", help="x.myshopify.com. Default: emails as they come.")


@click.group()
def messages() -> None:
    """Emails to members."""


@messages.command()
@SHOP
def kinds(domain: str | None) -> None:
    """List the kinds of email; with a shop, whether each is on there."""
    from plugin.rules.emails.kind_settings import switched_on
    from plugin.rules.message_kinds import MessageKind

    settings: dict[str, object] = {}
    if domain is not None:
        with opened(domain) as (_, shop):
            settings = dict(shop.settings)
    for kind in MessageKind:
        on = "on" if switched_on(settings, kind) else "off"
        click.echo(f"{kind.value:<22} {on:<4} {kind.about.nature:<14} {kind.about.label}")


@messages.command()
@click.argument("kind")
@click.option("--locale", default="en", show_default=True, help="The reader's language.")
@click.option("--member", "member_id", type=int, metavar="ID", help="As this member would get it; else a sample.")
@click.option("--text", is_flag=True, help="The subject and the plain text, instead of the HTML.")
@SHOP
def preview(kind: str, locale: str, member_id: int | None, text: bool, domain: str | None) -> None:
    """Write one email to standard output."""
    from plugin.messages.apart import ROOM
    from plugin.messages.apart import preview as rendered

    chosen, language = _kind(kind), _language(locale)
    brand, content, context = _of_shop(domain, chosen, language, member_id)
    try:
        mail = rendered(chosen, context, brand, content)
    finally:
        ROOM.close()
    click.echo(f"Subject: {mail.subject}\n\n{mail.text}" if text else mail.html, nl=not text)


def _of_shop(
    domain: str | None, kind: MessageKind, language: str, member_id: int | None
) -> tuple[Brand, Content | None, MailContext]:
    """The look, the design and the values: of a shop and its member, or as they come with the app."""
    from plugin.messages.kind import SampleShop
    from plugin.messages.seen_as import Seer, seen_as
    from plugin.rules.brand import Brand, brand_of
    from plugin.rules.programme import Programme
    from plugin.store.emails import versions
    from plugin.store.members import members

    now = datetime.now(UTC)
    if domain is None:
        if member_id is not None:
            raise BadInput("Say whose member that is: --shop x.myshopify.com")
        made_up = SampleShop(
            shop_name="Your shop",
            shop_url="https://example.com",
            currency="USD",
            programme=Programme(),
            today=now.date(),
            locale=language,
        )
        return Brand(), None, _sample(kind, made_up)
    with opened(domain) as (conn, shop):
        member = members.get(conn, shop.id, member_id) if member_id is not None else None
        if member is None and member_id is not None:
            raise NotFound(f"{domain} has no member {member_id}.")
        sample = SampleShop(
            shop_name=shop.name or shop.domain,
            shop_url=shop.storefront,
            currency=shop.currency,
            programme=_programme_of(conn, shop, language, now),
            today=shop.day(now),
            locale=language,
        )
        context = _sample(kind, sample)
        if member is not None:
            context = seen_as(Seer(conn, shop, load_settings(), now), kind, member, context, None, language)
        brand = brand_of({"sender_name": shop.name} | dict(shop.brand))
        return brand, versions.published(conn, shop.id).get(kind), context


def _programme_of(conn: Connection, shop: Shop, language: str, now: datetime) -> Programme:
    """The shop's rules, its names in the language."""
    from plugin.actions.languages import own_names
    from plugin.rules.formats import reader_locale
    from plugin.store.versions import programmes

    return own_names.programme_in(conn, shop, programmes.current(conn, shop.id, now).programme, reader_locale(language))


def _sample(kind: MessageKind, shop: SampleShop) -> MailContext:
    from plugin.messages.about_members import with_facts
    from plugin.messages.kind import preview_facts
    from plugin.messages.kinds import KINDS

    return with_facts(KINDS[kind].samples(shop)[0], preview_facts(shop))


def _kind(name: str) -> MessageKind:
    """BadInput names the kinds that there are."""
    from plugin.rules.message_kinds import LABELS, kind_of

    if name not in LABELS:
        raise BadInput(f"We have no email called {name[:60]}. The emails are: {', '.join(LABELS)}")
    return kind_of(name)


def _language(locale: str) -> str:
    """BadInput names the languages that emails are written in."""
    from plugin.rules.words.catalogues import LANGUAGES

    language = locale.replace("_", "-").partition("-")[0].lower()
    if language not in LANGUAGES:
        raise BadInput(f"Emails aren't written in {locale[:20]}. The languages are: {', '.join(LANGUAGES)}")
    return language
