"""What the pages about one email share: which kind it is, its content, and what the checker says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from babel import Locale
from flask import request

from plugin.actions.emails.save_draft import Began
from plugin.actions.languages import own_names
from plugin.errors import BadInput, NotFound
from plugin.messages.check import check
from plugin.messages.designs import default_of
from plugin.messages.kind import SampleShop
from plugin.messages.kinds import KINDS
from plugin.rules.brand import Brand, brand_of
from plugin.rules.emails.design import Content, Design
from plugin.rules.emails.findings import Finding, errors
from plugin.rules.formats import reader_locale
from plugin.rules.message_kinds import LABELS, MessageKind, kind_of
from plugin.rules.messages import MailContext
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.texts import Said
from plugin.store.versions import programmes
from plugin.web import shown
from plugin.web.current import now, shop, transaction
from plugin.web.words import t

LANGUAGE_NAMES: Final = {tag: str(Locale(tag).english_name) for tag in LANGUAGES}
"""Those that emails are written in, by their names."""


def named(kind: str) -> MessageKind:
    """The kind in an address, or 404."""
    if kind not in LABELS:
        raise NotFound(Said("frame.error.not_found"))
    return kind_of(kind)


def wanted_language() -> str:
    """The language that the address asks for, else the shop's, else English."""
    asked = request.args.get("language", ""), shop().locale.partition("-")[0]
    return next((each for each in asked if each in LANGUAGE_NAMES), LANGUAGES[0])


def content_or_default(kind: MessageKind, content: Content | None) -> Content:
    """What is there, or the email as it comes with the app."""
    return default_of(kind) if content is None else content


def own_or_none(kind: MessageKind, content: Content) -> Content | None:
    """What is stored: nothing where the email is as it comes with the app, so that it stays so in later versions."""
    return None if content == default_of(kind) else content


def brand() -> Brand:
    """The shop's, as its emails have it."""
    return brand_of({"sender_name": shop().name} | dict(shop().brand))


def sample_shop(language: str) -> SampleShop:
    """The shop that samples are for: its own name, money and rules."""
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
        programme = own_names.programme_in(conn, shop(), programme, reader_locale(language))
    return SampleShop(
        shop_name=shop().name or shop().domain,
        shop_url=shop().storefront,
        currency=shop().currency,
        programme=programme,
        today=now().astimezone(shown.zone()).date(),
        locale=language,
    )


def samples(kind: MessageKind, language: str) -> list[MailContext]:
    """The samples of a kind, in a language."""
    return list(KINDS[kind].samples(sample_shop(language)))


def findings(kind: MessageKind, content: Content, languages: Iterable[str] = LANGUAGES) -> list[Finding]:
    """What the checker says of it in these languages, what forbids publishing first."""
    return check(kind, content, brand(), tuple(dict.fromkeys(languages)), sample_shop(wanted_language()))


def wrong(found: list[Finding]) -> dict[str, str]:
    """The errors among findings, by their place."""
    return {".".join(filter(None, (one.block or "email", one.field, one.language))): one.said for one in errors(found)}


def insist_on_none(wrong: Mapping[str, str]) -> None:
    """BadInput where what was just saved as the draft has errors, and so isn't published."""
    if wrong:
        raise BadInput(Said("messages.editor.saved_only", len(wrong)))


def tiers_of() -> list[tuple[str, str]]:
    """The tiers that a block can be for, by key and name."""
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
    return [(tier.key, tier.name) for tier in programme.tiers.levels]


def block_names(content: Content) -> dict[str, str]:
    """What staff call each block."""
    return {block.id: t(block.type.label) for block in content.blocks} if isinstance(content, Design) else {}


def began() -> Began:
    """What the form that was sent began with."""

    def number(name: str) -> int:
        text = request.form.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0

    return Began(number("revision"), number("version"))
