"""What the HTML of a merchant's own source may not do: run something, load from elsewhere, or let values be more
than text. Looked at once when it is compiled, with its Liquid still in it, and links again in what is rendered."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

from plugin.messages.liquid.bounded import tags_in, wrong
from plugin.rules.emails.rich_text import is_https

_FORBIDDEN_TAGS: Final = frozenset(
    """applet audio base button embed form frame frameset iframe input math object script select svg textarea
    video""".split()
)
_ADDRESSES: Final = frozenset({"href", "src", "background", "action", "formaction", "srcset", "poster", "cite", "data"})
_FREE: Final = frozenset({"alt", "title", "aria-label", "content", "summary", "abbr"})
"""Attributes in which a value is only read."""
_LOOKS: Final = re.compile(r"brand\.\w+|start|end|dir|locale|language|reward\.progress|reward\.left")
"""Values of ours that are never a person's text."""
_ADDRESS: Final = re.compile(r"\w*url|link|\w+\.(?:url|image)|brand\.logo_url")
_STATIC: Final = re.compile(r"https://|mailto:|tel:|#|$", re.IGNORECASE)
_STYLE: Final = re.compile(
    r"@import|expression\s*\(|javascript:|behavior\s*:|-moz-binding|url\(\s*['\"]?(?!https://)", re.I
)
_RENDERED: Final = re.compile(r"""\s(?:href|src|background|action|poster)\s*=\s*["']?\s*([^"'\s>]*)""", re.IGNORECASE)
_LEADS: Final = re.compile(r"https?://|mailto:|tel:|#|$", re.IGNORECASE)
_WEB: Final = re.compile("https://", re.IGNORECASE)
_MARK, _END = "\ue010", "\ue011"
_MARKED: Final = re.compile("\ue010(\\d+)\ue011")


def check_markup(html: str) -> None:
    """BadInput for what an email may not hold. Liquid stands in it."""
    if _MARK in html or _END in html:
        raise wrong("mjml", "there are invisible characters in it")
    held: list[str] = []
    marked: list[str] = []
    at = 0
    for tag in tags_in(html, "mjml"):
        marked.append(html[at : tag.start])
        at = tag.end
        if tag.printed:
            marked.append(f"{_MARK}{len(held)}{_END}")
            held.append(tag.inside)
    _Looked(held).look("".join(marked) + html[at:])


class _Looked(HTMLParser):
    """Looks at every tag, attribute and style."""

    def __init__(self, held: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._held = held
        self._in_style = False

    def look(self, html: str) -> None:
        """All of it."""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag and its attributes."""
        if tag in _FORBIDDEN_TAGS or _MARK in tag:
            raise wrong("mjml", f"<{tag[:20]}> can't be used in emails")
        self._in_style = tag == "style"
        known = dict(attrs)
        if tag == "meta" and (known.get("http-equiv") or "").lower() == "refresh":
            raise wrong("mjml", "an email can't redirect")
        for name, value in attrs:
            self._attribute(name, value or "")

    def handle_endtag(self, tag: str) -> None:
        """The end of a tag."""
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Text, of which only styles matter."""
        if self._in_style:
            self._style(data)

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on") or _MARK in name:
            raise wrong("mjml", f"“{name[:20]}” can't be used in emails")
        if name in _ADDRESSES:
            self._address(name, value)
        elif name == "style":
            self._style(value)
        elif name not in _FREE:
            self._values(value, f"“{name[:20]}”")

    def _address(self, name: str, value: str) -> None:
        inside = _MARKED.findall(value)
        if not inside:
            if not _STATIC.match(value.strip()):
                raise wrong("mjml", f"“{value[:60]}” isn't a link we can use. Links start with https://.")
            return
        rest = _MARKED.sub("", value)
        names = [self._held[int(each)].partition("|")[0].strip() for each in inside]
        if rest and not re.match(r"https://[^/]+/", rest):
            raise wrong("mjml", f"“{names[0][:40]}” can't be part of a link's address")
        for each in () if rest else names:
            if not _ADDRESS.fullmatch(each):
                raise wrong("mjml", f"“{each[:40]}” isn't an address, so it can't be used in “{name}”")

    def _style(self, text: str) -> None:
        if _STYLE.search(text):
            raise wrong("mjml", "styles can't load or run anything")
        self._values(text, "styles")

    def _values(self, text: str, where: str) -> None:
        for each in _MARKED.findall(text):
            if not _LOOKS.fullmatch(self._held[int(each)].partition("|")[0].strip()):
                raise wrong("mjml", f"“{self._held[int(each)][:40]}” can't be used in {where}")


def check_links(html: str) -> None:
    """BadInput where a rendered email has a link that no mail program should follow."""
    for address in _RENDERED.findall(html):
        if not _LEADS.match(address) or (_WEB.match(address) and not is_https(unescape(address))):
            raise wrong("mjml", f"“{address[:60]}” isn't a link we can use. Links start with https://.")
