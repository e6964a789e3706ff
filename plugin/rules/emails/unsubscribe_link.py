"""Whether an email, as it was rendered, shows its reader where to unsubscribe; and the email with that line, if not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from typing import Final

from plugin.rules.brand import contrast
from plugin.rules.messages import RenderedMail
from plugin.rules.words.texts import labelled

_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_UNSEEN_TAGS: Final = frozenset({"head", "noscript", "script", "style", "template", "title"})
_LENGTH: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(px|pt|)", re.ASCII)
_HEX: Final = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])", re.ASCII)
_LIKE_ITS_GROUND: Final = 1.2
"""A contrast below which text is there for nobody."""
_SMALLEST: Final = 5.0
"""Pixels of a letter below which it is there for nobody."""


@dataclass(frozen=True, slots=True)
class _Around:
    """How text looks inside a tag: whether it can be seen at all, and its colours where they are known."""

    tag: str = ""
    unseen: bool = False
    tiny: bool = False
    ink: str = "#000000"
    ground: str = "#ffffff"
    ours: bool = False


class _Reader(HTMLParser):
    """Looks for text that can be seen inside a link to one address."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.found = False
        self._open = [_Around()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        if tag not in _VOID:
            self._open.append(_inside(self._open[-1], tag, dict(attrs), self.address))

    def handle_endtag(self, tag: str) -> None:
        """It ends, with all that was left open in it."""
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Text."""
        here = self._open[-1]
        if here.ours and not here.unseen and not here.tiny and any(each.isalnum() for each in data):
            self.found |= contrast(here.ink, here.ground) >= _LIKE_ITS_GROUND


def _inside(outer: _Around, tag: str, attributes: Mapping[str, str | None], address: str) -> _Around:
    style = _style(attributes.get("style") or "")
    unseen = outer.unseen or tag in _UNSEEN_TAGS or "hidden" in attributes or _hides(style)
    ink = _colour(style.get("color", ""), outer.ink)
    ground = _colour(attributes.get("bgcolor") or "", outer.ground)
    ground = _colour(style.get("background-color") or style.get("background", ""), ground)
    tiny = _tiny(style.get("font-size", ""), outer.tiny)
    ours = attributes.get("href") == address if tag == "a" else outer.ours
    return _Around(tag, unseen, tiny, ink, ground, ours)


def _style(written: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in written.lower().replace("!important", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _hides(style: Mapping[str, str]) -> bool:
    """Whether nothing inside can be seen, whatever it says of itself."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if style.get("color") == "transparent" or _length(style.get("opacity", "")) == 0:
        return True
    flat = any(_length(style.get(name, "")) == 0 for name in ("height", "max-height", "width", "max-width"))
    return flat and style.get("overflow") == "hidden"


def _tiny(written: str, outer: bool) -> bool:
    """Whether letters are too small to be seen: inside, others may be larger again."""
    size = _length(written)
    return outer if size is None else size < _SMALLEST


def _length(written: str) -> float | None:
    found = _LENGTH.fullmatch(written)
    return float(found[1]) if found else None


def _colour(written: str, outer: str) -> str:
    found = _HEX.match(written.strip().lower())
    if found is None:
        return outer
    digits = found[0][1:]
    return "#" + (digits if len(digits) == 6 else "".join(each * 2 for each in digits))


def shows_link(html: str, address: str) -> bool:
    """Whether the HTML has a link to this address with words in it that a reader can see."""
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return reader.found


def says_address(text: str, address: str) -> bool:
    """Whether the text part has this address, and not just the beginning of a longer one."""
    return re.search(re.escape(address) + r"(?![\w/?&=#%-])", text) is not None


def with_link(mail: RenderedMail, address: str, words: str) -> RenderedMail:
    """The email with a last line that leads to the address, in each of its parts that has none; else as it was."""
    html, text = mail.html, mail.text
    if not shows_link(html, address):
        html = _with_line(html, address, words)
    if not says_address(text, address):
        text = f"{text.rstrip()}\n\n{labelled(mail.locale, words, address)}\n"
    return replace(mail, html=html, text=text)


def _with_line(html: str, address: str, words: str) -> str:
    """At the end; at the beginning where what comes before the end would hide it."""
    style = "padding:16px 32px;background:#ffffff;color:#303030;font:13px/20px sans-serif;text-align:center"
    link = f'<a href="{escape(address)}" style="color:#303030;">{escape(words)}</a>'
    line = f'<div style="{style}">{link}</div>'
    end, begin = html.lower().rfind("</body>"), re.search(r"<body\b[^<>]*>", html, re.IGNORECASE)
    places = (end if end >= 0 else len(html), begin.end() if begin else 0)
    tried = [html[:at] + line + html[at:] for at in places]
    return next((one for one in tried if shows_link(one, address)), tried[-1])
