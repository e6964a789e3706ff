"""The checker of an email: what is wrong with it before anybody gets it, and in which block."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from plugin.errors import BadInput
from plugin.messages import designs
from plugin.messages.about_members import with_facts
from plugin.messages.apart import ROOM, Apart, render_apart
from plugin.messages.kind import UNSUBSCRIBE, SampleShop, preview_facts
from plugin.messages.kinds import KINDS
from plugin.rules.brand import Brand, contrast
from plugin.rules.emails import rich_text, unsubscribe_link, variables
from plugin.rules.emails.block_types import HEAD, BlockType, Field
from plugin.rules.emails.design import Block, Content, Design, Override, Source, Texts, fingerprint
from plugin.rules.emails.findings import Finding
from plugin.rules.emails.rich_text import Link, Marked, Node
from plugin.rules.emails.rich_text import Variable as Asked
from plugin.rules.emails.variables import Variable
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail

CUT_OFF_BYTES: Final = 102 * 1024
"""Gmail shows so much of an email and hides the rest behind a link."""
READABLE: Final = 4.5
_NEEDED: Final = {BlockType.TEXT: ("title", "body"), BlockType.BUTTON: ("button",), BlockType.IMAGE: ("alt",)}
"""Of these, an added block says at least one, or nothing at all."""
_HREF: Final = re.compile(r"""(?:href|src)\s*=\s*["']\s*(http:[^"']*|/[^"']*|#)["']""", re.IGNORECASE)
_STYLE: Final = re.compile(r"""style\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_INK: Final = re.compile(r"(?:^|;)\s*color\s*:\s*(#[0-9a-f]{6})", re.IGNORECASE)
_GROUND: Final = re.compile(r"background(?:-color)?\s*:\s*(#[0-9a-f]{6})", re.IGNORECASE)
_WHERE: Final = re.compile(r"blocks\.(\d+)(?:\.texts\.(\w+))?(?:\.([\w.]+))?|texts\.(\w+)\.([\w.]+)|source\.(\w+)")


def check(
    kind: MessageKind,
    content: Content,
    brand: Brand,
    languages: Sequence[str],
    shop: SampleShop,
    room: Apart = ROOM,
) -> list[Finding]:
    """Everything that is wrong, the worst first. `languages` are those that the shop's members read."""
    if isinstance(content, Source):
        found = [*_source(content)]
    else:
        found = [*_head(kind, content, languages), *_blocks(kind, content, languages, shop)]
    found += _look(brand)
    named = {(one.block, one.field) for one in found if one.severity == "error" and isinstance(content, Design)}
    rendered = _rendered(kind, content, brand, languages, shop, room)
    found += [one for one in rendered if one.code != "broken" or not _known(one, named)]
    unique = {(one.code, one.block, one.field, one.language, one.said): one for one in found}
    return sorted(unique.values(), key=lambda one: one.severity)


def _known(broken: Finding, named: Collection[tuple[str, str]]) -> bool:
    """Whether why it can't be rendered is said already: at its place; or it names none, and there is one that is."""
    place = (broken.block, broken.field)
    return place in named or (bool(named) and place == ("", ""))


def _head(kind: MessageKind, design: Design, languages: Sequence[str]) -> Iterator[Finding]:
    fields = {field.name: field for field in HEAD}
    yield from _texts(kind, None, "", design.texts, fields)
    for language in languages:
        subject = design.texts.get(language, {}).get("subject")
        if subject is not None and not subject.text.strip():
            yield Finding(code="no_subject", field="subject", language=language)


def _blocks(kind: MessageKind, design: Design, languages: Sequence[str], shop: SampleShop) -> Iterator[Finding]:
    tiers = {tier.key for tier in shop.programme.tiers.levels}
    known = variables.named(designs.variables_of(kind))
    for block in (each for each in design.blocks if not each.hidden):
        fields = {field.name: field for field in block.type.shape.fields}
        yield from _texts(kind, block, block.id, block.texts, fields)
        yield from _options(kind, block, known, languages)
        yield from _missing(kind, block, languages)
        for tier in sorted(block.when.tiers - tiers):
            yield Finding(code="unknown_tier", block=block.id, values={"tier": tier})
        if block.type.shape.slot:
            yield Finding(code="empty_slot", block=block.id)


def _texts(
    kind: MessageKind, block: Block | None, block_id: str, texts: Texts, fields: dict[str, Field]
) -> Iterator[Finding]:
    known = variables.named(designs.variables_of(kind))
    for language, own in texts.items():
        for name, override in own.items():
            field = fields.get(name.partition(".")[0])
            if field is not None:
                for code, values in _of_text(override.text, field, known):
                    yield Finding(code=code, block=block_id, field=name, language=language, values=values)
            if _outdated(kind, block, name, language, override):
                yield Finding(code="default_changed", block=block_id, field=name, language=language)


def _outdated(kind: MessageKind, block: Block | None, name: str, language: str, override: Override) -> bool:
    if not override.was:
        return False
    return override.was != fingerprint(designs.default_text(kind, block, name, language))


def _of_text(text: str, field: Field, known: Any) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        nodes = rich_text.parse(text) if field.writing == "rich" else rich_text.parse_line(text)
    except BadInput as error:
        yield "broken", {"why": error.message}
        return
    inner = {"line.quantity", "more_lines"}
    for asked in rich_text.paths(nodes):
        found: Variable | None = known.get(asked.path)
        if found is None and asked.path not in inner:
            yield "unknown_variable", {"name": asked.path}
        elif found is not None and found.blank and asked.fallback is None and not found.address:
            yield "blank_variable", {"name": asked.path}
    for link in _links(nodes):
        if isinstance(link.to, Asked) and link.to.path in known and not known[link.to.path].address:
            yield "not_an_address", {"name": link.to.path}


def _links(nodes: Iterable[Node]) -> Iterator[Link]:
    for node in nodes:
        if isinstance(node, Link):
            yield node
        if isinstance(node, Link | Marked):
            yield from _links(node.inside)


def _options(kind: MessageKind, block: Block, known: Any, languages: Sequence[str]) -> Iterator[Finding]:
    chosen = designs.options_of(kind, block)
    for option in block.type.shape.options:
        value = chosen.get(option.name, "")
        if not value and option.required and option.kind == "image":
            yield Finding(code="no_image", block=block.id, field=option.name)
        if not value and option.kind == "link" and (option.required or _has_button(kind, block, languages)):
            yield Finding(code="no_link", block=block.id, field=option.name)
        if value and option.kind == "link":
            try:
                to = rich_text.check_link(value)
            except BadInput:
                yield Finding(code="not_https", block=block.id, field=option.name, values={"link": value[:60]})
                continue
            if isinstance(to, Asked) and (to.path not in known or not known[to.path].address):
                yield Finding(code="not_an_address", block=block.id, field=option.name, values={"name": to.path})


def _has_button(kind: MessageKind, block: Block, languages: Sequence[str]) -> bool:
    """Whether a button has words in one of the languages, its own or by default."""
    default = designs.block_defaults(kind, block).get("button")
    for language in (*languages, *block.texts):
        own = block.texts.get(language, {})
        said = [one.text for name, one in own.items() if name.partition(".")[0] == "button"]
        if any(text.strip() for text in said) or (default is not None and "button" not in own):
            return True
    return False


def _missing(kind: MessageKind, block: Block, languages: Sequence[str]) -> Iterator[Finding]:
    needed = _NEEDED.get(block.type, ())
    defaults = designs.block_defaults(kind, block)
    if not needed or any(defaults.get(name) is not None for name in needed):
        return
    for language in languages:
        own = block.texts.get(language, {})
        if not any(own[name].text.strip() for name in needed if name in own):
            code = "no_alt" if block.type is BlockType.IMAGE else "missing_text"
            yield Finding(code=code, block=block.id, field=needed[0], language=language)


def _source(source: Source) -> Iterator[Finding]:
    if not source.subject.strip():
        yield Finding(code="no_subject", field="subject")
    for link in _HREF.findall(source.mjml):
        yield Finding(code="not_https", field="mjml", values={"link": link[:60]})
    for image in re.findall(r"<(?:mj-image|img)\b[^<>]*", source.mjml, re.IGNORECASE):
        if not re.search(r"""\balt\s*=\s*["'][^"']""", image, re.IGNORECASE):
            yield Finding(code="no_alt", field="mjml")
    for style in _STYLE.findall(source.mjml):
        ink, ground = _INK.search(style), _GROUND.search(style)
        if ink and ground and contrast(ink[1].lower(), ground[1].lower()) < READABLE:
            yield Finding(code="contrast", field="mjml", values={"one": ink[1], "other": ground[1]})


def _look(brand: Brand) -> Iterator[Finding]:
    """Colours of which text would be unreadable: others are used in their place."""
    if contrast(brand.text, brand.background) < READABLE:
        yield Finding(code="contrast", values={"one": brand.text, "other": brand.background})


def _rendered(
    kind: MessageKind, content: Content, brand: Brand, languages: Sequence[str], shop: SampleShop, room: Apart
) -> Iterator[Finding]:
    """What is seen only when it is rendered: every sample in the first language, the first in all others."""
    shops = {language: replace(shop, locale=language) for language in languages}
    tried = [(sample, languages[0]) for sample in KINDS[kind].samples(shops[languages[0]])]
    tried += [(KINDS[kind].samples(shops[one])[0], one) for one in languages[1:]]
    for sample, language in tried:
        try:
            mail = render_apart(kind, with_facts(sample, preview_facts(shops[language])), brand, content, room)
        except BadInput as error:
            yield from _wrong(content, error, language)
            continue
        if not mail.subject:
            yield Finding(code="no_subject", field="subject", language=language)
        if isinstance(content, Source) and kind.about.nature != "transactional":
            yield from _without_link(mail)
        size = len(mail.html.encode())
        if size > CUT_OFF_BYTES:
            code = "too_big" if kind.about.nature == "transactional" else "too_big_promotional"
            yield Finding(code=code, language=language, values={"kilobytes": size // 1024})


def _without_link(mail: RenderedMail) -> Iterator[Finding]:
    """A promotional email's source is ours to check; the footer that designs end with always has the link."""
    if not unsubscribe_link.shows_link(mail.html, UNSUBSCRIBE):
        yield Finding(code="no_unsubscribe", field="mjml")
    if not unsubscribe_link.says_address(mail.text, UNSUBSCRIBE):
        yield Finding(code="no_unsubscribe", field="text")


def _wrong(content: Content, error: BadInput, language: str) -> Iterator[Finding]:
    """An error of the rendering, by the place that it names."""
    if not error.fields:
        yield Finding(code="broken", language=language, values={"why": error.message})
    for place, why in error.fields.items():
        found = _WHERE.fullmatch(place)
        number, of_block, name, of_head, head, part = found.groups() if found else (None,) * 6
        block = content.blocks[int(number)].id if number and isinstance(content, Design) else ""
        yield Finding(
            code="broken",
            block=block,
            field=(name or head or part or "").removeprefix("options."),
            language=of_block or of_head or ("" if part else language),
            values={"why": why},
        )
