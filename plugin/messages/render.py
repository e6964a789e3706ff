"""Turns a message's values into an email: a design is compiled once a language, Liquid is rendered per message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from babel import Locale
from liquid import BoundTemplate
from liquid.exceptions import LiquidError
from mjml import mjml2html

from plugin.errors import BadInput
from plugin.messages import designs
from plugin.messages.blocks.assemble import FOLDER, assemble
from plugin.messages.blocks.boxes import BEGINS, COLOURS, ENDS, NEXT, ROOM, STANDS, token
from plugin.messages.liquid.environment import TEXTS, own_liquid
from plugin.messages.texts import Texts
from plugin.rules.activities.activity_rules import NETWORKS
from plugin.rules.brand import Brand, palette
from plugin.rules.emails.design import Content, Design, Source
from plugin.rules.formats import one_line, one_line_name, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext, RenderedMail
from plugin.rules.sending.sender import shown_name

__all__ = ["FOLDER", "MailTemplate", "built_in", "compiled", "render"]
KEPT_TEMPLATES: Final = 256
"""So many compiled designs of merchants a process keeps."""
RECENT_DESIGNS: Final = 64
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one email says within another, block by block: HTML that is still without the brand's look, and text."""

    blocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """An email's three templates, parsed and ready for every brand; `asks` are the names of all that they print."""

    subject: BoundTemplate
    html: BoundTemplate
    text: BoundTemplate
    asks: frozenset[str]

    def render(self, context: MailContext, brand: Brand, pieces: Sequence[Piece] = ()) -> RenderedMail:
        """The email for one reader, with what others say in it. Raises BadInput if the template fails."""
        subject, html, text = self.parts(_filled(context, brand))
        if pieces:
            fresh = unsaid(text, pieces)
            html = html.replace(ROOM, "".join(said for said, _ in fresh), 1)
            text = text.replace(ROOM, "\n\n".join(words for _, words in fresh), 1)
        return finished(subject, in_colour(html, brand), text, context, brand)

    def piece(self, context: MailContext, brand: Brand) -> Piece:
        """What it says within another email. Raises BadInput if the template fails."""
        _, html, text = self.parts(_filled(context, brand))
        blocks = html.partition(BEGINS)[2].partition(ENDS)[0].split(NEXT)
        return Piece(tuple(zip(blocks, (words.strip() for words in text.split(NEXT)), strict=True)))

    def parts(self, filled: Mapping[Any, object]) -> tuple[str, str, str]:
        """Subject, HTML and text with these values. Raises BadInput if the template fails."""
        try:
            return self.subject.render(filled), self.html.render(filled), self.text.render(filled)
        except LiquidError as error:
            raise BadInput(f"The email template can't be rendered: {first_line(error)}") from error


def unsaid(text: str, pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """The blocks of these that say anything which neither the email nor one before them says: how the member stands is
    said once, and so is everything else, word for word."""
    standing = set(STANDS.findall(text))
    said = _lines(text) | {""}
    found = []
    for html, words in (block for piece in pieces for block in piece.blocks):
        lines, stands = _lines(words), set(STANDS.findall(words))
        if not stands & standing and (lines - said or (not words and html.strip())):
            found.append((html, words))
        standing |= stands
        said |= lines
    return found


def _lines(text: str) -> set[str]:
    return {line.strip() for line in STANDS.sub("", text).splitlines()}


def _filled(context: MailContext, brand: Brand) -> dict[Any, object]:
    values = context.values()
    locale = reader_locale(str(values["locale"]))
    return {**values, "brand": said_of(brand, context), TEXTS: words(context, values, locale)}


def words(context: MailContext, values: Mapping[str, object], locale: Locale) -> Texts:
    """The catalogue's texts for one reader."""
    return Texts(locale, one_line_name(context.points_name), str(values["shop_name"]))


def said_of(brand: Brand, context: MailContext) -> dict[str, object]:
    """What of a brand is there or not: its logo, its lines, its links."""
    alt = brand.logo_alt or one_line(context.shop_name, 100)
    return {
        "logo_url": brand.logo_url,
        "logo_alt": alt,
        "header": brand.header,
        "footer": brand.footer,
        "address": brand.address,
        "social": [{"name": NETWORKS[name], "url": address} for name, address in brand.social],
    }


def in_colour(html: str, brand: Brand) -> str:
    """The HTML with the brand's own look where tokens stood for it."""
    for mark, value in look(brand):
        html = html.replace(mark, value)
    return html.replace(ROOM, "")


@lru_cache(maxsize=1024)
def look(brand: Brand) -> tuple[tuple[str, str], ...]:
    """What stands for each token in this brand: colours of which every text can be read, corner and font."""
    colours = palette(brand)
    shape = {"corner": f"{brand.corner_px}px", "font": brand.font_stack}
    shown = {**{name: colours[name] for name in COLOURS}, **shape}
    return tuple((token(name), value) for name, value in shown.items())


def named_look(brand: Brand) -> dict[str, object]:
    """The same by name, for templates that ask for it themselves."""
    return {mark.strip("@"): value for mark, value in look(brand)}


def finished(subject: str, html: str, text: str, context: MailContext, brand: Brand) -> RenderedMail:
    """The rendered parts as an email: one line of subject, no runs of empty lines, and who it is from."""
    plain = _BLANK_LINES.sub("\n\n", STANDS.sub("", text.replace(ROOM, ""))).strip() + "\n"
    sender = shown_name(brand.sender_name or one_line(context.shop_name, 100))
    tag = str(context.locale).replace("_", "-")
    return RenderedMail(one_line(subject), html, plain, sender, brand.reply_to, tag)


def first_line(error: Exception) -> str:
    """What went wrong, without the piece of the template that libraries quote after it."""
    return one_line(str(error).split("\n", 1)[0])


def compile_design(kind: MessageKind, design: Design, language: str, *, within: bool = False) -> MailTemplate:
    """A design's templates in one language, `within` another email or by itself. Raises BadInput saying what is wrong,
    and in which block."""
    sources = assemble(kind, design, language, within=within)
    try:
        html = mjml2html(sources.mjml)
        plain, escaping = own_liquid(html=False), own_liquid(html=True)
        parts = (plain.from_string(sources.subject), escaping.from_string(html), plain.from_string(sources.text))
    except (ValueError, OSError) as error:
        raise BadInput(f"The email's MJML is invalid: {first_line(error)}") from error
    except LiquidError as error:
        raise BadInput(f"The email's Liquid is invalid: {first_line(error)}") from error
    return MailTemplate(*parts, frozenset(name for part in parts for name in part.global_variables()))


@lru_cache(maxsize=1024)
def built_in(kind: MessageKind, language: str, *, within: bool = False) -> MailTemplate:
    """The template that the kind comes with."""
    return compile_design(kind, designs.default_of(kind), language, within=within)


def compiled(kind: MessageKind, design: Design | None, language: str, *, within: bool = False) -> MailTemplate:
    """The design's template, or the kind's own (None), compiled the first time it is asked for."""
    if design is None or design == designs.default_of(kind):
        return built_in(kind, language, within=within)
    return _compiled(kind, _written(design), language, within=within)


class _Written(str):
    """All that a design holds, as a key, with the design itself."""

    design: Design


@lru_cache(maxsize=KEPT_TEMPLATES)
def _compiled(kind: MessageKind, written: _Written, language: str, *, within: bool) -> MailTemplate:
    return compile_design(kind, written.design, language, within=within)


def _written(design: Design) -> _Written:
    """The key of a design; of one that was asked for just before, it is at hand."""
    with _lock:
        known = _recent.get(id(design))
        if known is None or known.design is not design:
            known = _Written(repr(design))
            known.design = design
            _recent[id(design)] = known
            if len(_recent) > RECENT_DESIGNS:
                del _recent[next(iter(_recent))]
    return known


_lock = Lock()
_recent: dict[int, _Written] = {}


def asks_of(kind: MessageKind, content: Content | None, locale: str) -> frozenset[str] | None:
    """The names of all that an email prints or depends on; None: it could be anything."""
    if isinstance(content, Source):
        return None
    return compiled(kind, content, reader_locale(locale).language).asks


def render(
    kind: MessageKind, context: MailContext, brand: Brand, content: Design | None = None, pieces: Sequence[Piece] = ()
) -> RenderedMail:
    """The email of that kind for one reader, in the language of `context.locale`; None: as it comes with the app."""
    return compiled(kind, content, reader_locale(context.locale).language).render(context, brand, pieces)


def render_piece(kind: MessageKind, context: MailContext, brand: Brand, content: Design | None = None) -> Piece:
    """What the email of that kind says to one reader within another."""
    return compiled(kind, content, reader_locale(context.locale).language, within=True).piece(context, brand)
