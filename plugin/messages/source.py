"""A merchant's own Liquid and MJML for one kind of email: what it begins with, how it is compiled and rendered.

Only `apart.py` renders it: in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from liquid import BoundTemplate
from mjml import mjml2html

from plugin.messages.blocks.assemble import assemble
from plugin.messages.blocks.boxes import LOOKS, token
from plugin.messages.liquid.bounded import first_line, parsed, rendered, scan, wrong
from plugin.messages.liquid.markup import check_links, check_markup
from plugin.messages.liquid.written import ANY
from plugin.rules.emails.design import Design, Source
from plugin.rules.emails.stored import MAX_SOURCE_BYTES
from plugin.rules.message_kinds import MessageKind

MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 3_000
MAX_HTML: Final = 400_000
"""Of what MJML makes of a source: about four times what mail programs show."""
MAX_QUOTED: Final = 40
"""Characters of what is wrong."""
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^<>]*)")
_VOID: Final = frozenset({"br", "img", "hr", "input", "meta", "link", "wbr", "col"})
_ASSIGNS: Final = re.compile(r"\{%-?\s*(?:assign|capture|for)\s+([\w-]+)")
_POSITION: Final = re.compile(r"(.*?)(?: in root template)? at position (\d+):\d+")
_PREHEADER: Final = "@@preheader@@"
_OWN_NAMES: Final = frozenset({"brand", "start", "end", "dir", "locale", "language"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """The three parts of a source, ready to be rendered."""

    subject: BoundTemplate
    html: BoundTemplate
    text: BoundTemplate


def source_of(kind: MessageKind, design: Design) -> Source:
    """The source that says what the design says, in all languages: what a merchant begins with."""
    parts = assemble(kind, design, ANY)
    mjml = parts.mjml
    for name in LOOKS:
        mjml = mjml.replace(token(name), f"{{{{ brand.{name} }}}}")
    before, _, rest = mjml.partition("<mj-preview>")
    preheader, _, after = rest.partition("</mj-preview>")
    lines = [line.rstrip() for line in (before + after).split("\n")]
    return Source(
        subject=parts.subject,
        preheader=preheader,
        mjml="\n".join(filter(None, lines)) + "\n",
        text=parts.text.strip() + "\n",
    )


def compile_source(source: Source) -> Parsed:
    """A source, parsed. BadInput names the part that is wrong, as `source.mjml`."""
    for part in ("subject", "preheader", "mjml", "text"):
        text = getattr(source, part)
        if len(text.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
            raise wrong(part, "it is too long")
        scan(text, part)
    subject, text = parsed(source.subject, "subject", html=False), parsed(source.text, "text", html=False)
    html = _html(source)
    check_markup(html)
    return Parsed(subject, parsed(html, "mjml", html=True), text)


def _html(source: Source) -> str:
    """The HTML that the MJML makes, its Liquid still in it."""
    if re.search(r"<\s*mj-include", source.mjml, re.IGNORECASE):
        raise wrong("mjml", "<mj-include> can't be used in emails")
    _check_depth(source.mjml)
    mjml = _with_preheader(source.mjml)
    try:
        html = mjml2html(mjml, fonts={})
    except (ValueError, OSError) as error:
        raise wrong("mjml", _with_its_line(first_line(error), mjml)) from error
    if len(html) > MAX_HTML:
        raise wrong("mjml", "it makes too long an email")
    return html.replace(_PREHEADER, source.preheader)


def _with_its_line(why: str, mjml: str) -> str:
    """What MJML says is wrong, with the line and the text there in place of its bytes."""
    found = _POSITION.fullmatch(why)
    if found is None:
        return why
    whole, at = mjml.encode("utf-8", "replace"), int(found[2])
    before, after = whole[:at].decode(errors="ignore"), whole[at:].decode(errors="ignore")
    there = after.replace(_PREHEADER, "").strip().split("\n")[0][:MAX_QUOTED]
    return f"{found[1]} on line {before.count(chr(10)) + 1}: “{there}”"


def _with_preheader(mjml: str) -> str:
    preview = f"<mj-preview>{_PREHEADER}</mj-preview>"
    if "<mj-preview" in mjml:
        return mjml
    if "<mj-head>" in mjml:
        return mjml.replace("<mj-head>", f"<mj-head>{preview}", 1)
    return re.sub(r"(<mjml[^<>]*>)", rf"\1<mj-head>{preview}</mj-head>", mjml, count=1)


def _check_depth(mjml: str) -> None:
    """BadInput for more tags, or tags more deeply within tags, than any email needs."""
    depth = 0
    for count, found in enumerate(_TAG.finditer(mjml)):
        if count > MAX_ELEMENTS:
            raise wrong("mjml", "there are too many tags")
        if found[3].endswith("/") or found[2].lower() in _VOID:
            continue
        depth += -1 if found[1] else 1
        if depth > MAX_DEPTH:
            raise wrong("mjml", "its tags are nested too deeply")


def render_source(template: Parsed, values: Mapping[Any, object]) -> tuple[str, str, str]:
    """Subject, HTML and text with these values. BadInput: it failed, did too much, or led nowhere good."""
    known = dict(values)
    subject = rendered(template.subject, known, "subject")
    html = rendered(template.html, known, "mjml")
    check_links(html)
    return subject, html, rendered(template.text, known, "text")


def check_names(source: Source, known: Mapping[Any, object]) -> None:
    """BadInput where a source gives a name of ours another meaning: what is checked by name must keep it."""
    ours = {str(name) for name in known if isinstance(name, str)} | _OWN_NAMES
    for part in ("subject", "preheader", "mjml", "text"):
        for name in _ASSIGNS.findall(getattr(source, part)):
            if name in ours or name.endswith("url") or name == "link":
                raise wrong(part, f"“{name[:40]}” is one of our names. Choose another for your own value.")
