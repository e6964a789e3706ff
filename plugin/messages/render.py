"""Turns a message's values into a mail: MJML is compiled once a template, Liquid is rendered per message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from liquid import BoundTemplate, Environment, Expression, Mode, RenderContext, StrictUndefined
from liquid.builtin.expressions import Filter, StringLiteral
from liquid.exceptions import FilterArgumentError, LiquidError, LoopIterationLimitError
from liquid.filter import with_context
from liquid.messages import MessageText, TranslatableFilter
from mjml import mjml2html

from plugin.errors import BadInput
from plugin.messages.texts import Texts
from plugin.rules.brand import Brand, palette
from plugin.rules.formats import number, one_line, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext, RenderedMail

FOLDER = Path(__file__).parent
MAX_TEMPLATE_BYTES = 200_000
MAX_OUTPUT_BYTES = 1_000_000
MAX_ITERATIONS = 5_000
_INCLUDE = re.compile(r'<mj-include path="([a-z_]+)\.mjml" />')
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


class _Budget(RenderContext):
    """Counts every turn of every loop of a rendering, not only of nested ones, and stops at the limit."""

    turns = 0

    def raise_for_loop_limit(self, length: int = 1) -> None:
        super().raise_for_loop_limit(length)
        self.turns += length
        if self.turns > MAX_ITERATIONS:
            raise LoopIterationLimitError("loop iteration limit reached", token=None)


class _Template(BoundTemplate):
    context_class = _Budget


class _Limited(Environment):
    """Liquid that always ends: no includes, and bounded loops, depth, variables and output."""

    template_class = _Template
    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = MAX_ITERATIONS
    local_namespace_limit = 200_000
    output_stream_limit = MAX_OUTPUT_BYTES


def _environment(*, html: bool) -> Environment:
    environment = _Limited(autoescape=html, undefined=StrictUndefined, tolerance=Mode.STRICT)
    for name in ("include", "render"):
        environment.tags.pop(name, None)
    environment.add_filter("t", _Translate())
    environment.add_filter("points", _points)
    environment.add_filter("number", _number)
    return environment


def _texts(context: RenderContext) -> Texts:
    texts = context.resolve("texts")
    assert isinstance(texts, Texts)
    return texts


class _Translate(TranslatableFilter):
    """`'welcome.title' | t: name: first_name`; with `count:` in the plural form for it."""

    with_context = True

    def __call__(self, key: object, *, context: RenderContext, **values: object) -> str:
        try:
            return _texts(context).text(str(key), **values)
        except KeyError as missing:
            raise FilterArgumentError(f"no text or value {missing} for {key}", token=None) from missing

    def message(self, left: Expression, _filter: Filter, lineno: int) -> MessageText | None:
        """The key, for the check that there is a text for it."""
        return MessageText(lineno, "t", (left.value,)) if isinstance(left, StringLiteral) else None


def plain_liquid() -> Environment:
    """Liquid as the mails' texts are written in."""
    return _environment(html=False)


def _whole(amount: object) -> int:
    if not isinstance(amount, int):
        raise FilterArgumentError("expected a whole number", token=None)
    return amount


@with_context
def _points(amount: object, *, context: RenderContext) -> str:
    return _texts(context).points(_whole(amount))


@with_context
def _number(amount: object, *, context: RenderContext) -> str:
    return number(_whole(amount), _texts(context).locale)


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A message's three templates, parsed and ready."""

    subject: BoundTemplate
    html: BoundTemplate
    text: BoundTemplate

    def render(self, context: MailContext, brand: Brand) -> RenderedMail:
        """The mail for one reader. Raises BadInput if the template fails or exceeds its limits."""
        values = context.values()
        locale = reader_locale(str(values["locale"]))
        filled = {**values, "brand": _look(brand, context), "texts": _words(values, locale)}
        try:
            subject, html, text = (t.render(filled) for t in (self.subject, self.html, self.text))
        except LiquidError as error:
            raise BadInput(f"The email template can't be rendered: {one_line(str(error))}") from error
        sender = brand.sender_name or one_line(context.shop_name, 100)
        plain = _BLANK_LINES.sub("\n\n", text).strip() + "\n"
        tag = str(values["locale"])
        return RenderedMail(one_line(subject), html, plain, sender, brand.reply_to, tag)


def _words(values: Mapping[str, object], locale: Locale) -> Texts:
    return Texts(locale, str(values["points_name"]), str(values["shop_name"]))


def _look(brand: Brand, context: MailContext) -> dict[str, object]:
    alt = brand.logo_alt or one_line(context.shop_name, 100)
    return {**palette(brand), "logo_url": brand.logo_url, "logo_alt": alt, "footer": brand.footer}


def compile_mail(subject: str, mjml: str, text: str) -> MailTemplate:
    """A mail template from its sources. Raises BadInput saying what is wrong with them."""
    if max(len(part.encode()) for part in (subject, mjml, text)) > MAX_TEMPLATE_BYTES:
        raise BadInput("The email template is too long.")
    try:
        html = mjml2html(_INCLUDE.sub(_part, mjml))
    except (ValueError, OSError) as error:
        raise BadInput(f"The email's MJML is invalid: {one_line(str(error))}") from error
    plain, escaping = _environment(html=False), _environment(html=True)
    try:
        return MailTemplate(plain.from_string(subject), escaping.from_string(html), plain.from_string(text))
    except LiquidError as error:
        raise BadInput(f"The email's Liquid is invalid: {one_line(str(error))}") from error


def _part(include: re.Match[str]) -> str:
    """The shared part's text. MRML's own includes would not know how wide the mail is."""
    return (FOLDER / "parts" / f"{include[1]}.mjml").read_text(encoding="utf-8")


@cache
def built_in(kind: MessageKind) -> MailTemplate:
    """The template that comes with the app, from the folder of the kind."""
    folder = FOLDER / kind
    return compile_mail(
        (folder / "subject.liquid").read_text(encoding="utf-8"),
        (folder / "body.mjml").read_text(encoding="utf-8"),
        (folder / "body.txt").read_text(encoding="utf-8"),
    )


def render(kind: MessageKind, context: MailContext, brand: Brand) -> RenderedMail:
    """The mail of that kind for one reader, in the language of `context.locale`."""
    return built_in(kind).render(context, brand)
