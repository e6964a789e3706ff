"""Whether an email, as it was rendered, shows its reader where to unsubscribe; and the email with that line, if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from typing import Final

from plugin.rules.brand import contrast
from plugin.rules.emails import style_sheets
from plugin.rules.emails.style_sheets import Element, Rule
from plugin.rules.messages import RenderedMail
from plugin.rules.words.texts import labelled

_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_UNSEEN_TAGS: Final = frozenset({"head", "noscript", "script", "style", "template", "title"})
_LENGTH: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(px|pt|)", re.ASCII)
_HEX: Final = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])", re.ASCII)
_FONTS: Final = re.compile(r"https://fonts\.googleapis\.com/")
"""Where MJML has fonts from: what is loaded there names letters, and styles nothing."""
_IMPORTED: Final = re.compile(r"@import url\(https://fonts\.googleapis\.com/[^()\s]*\);")
_PAINTS: Final = frozenset({"alink", "behavior", "color", "face", "link", "size", "text", "vlink"})
"""Old attributes that change letters."""
_PLAIN: Final = "".join(
    f"{each} !important;"
    for each in (
        "display:block",
        "visibility:visible",
        "opacity:1",
        "position:static",
        "float:none",
        "width:auto",
        "max-width:none",
        "height:auto",
        "max-height:none",
        "overflow:visible",
        "clip:auto",
        "clip-path:none",
        "transform:none",
        "filter:none",
        "text-indent:0",
        "letter-spacing:normal",
        "margin:0",
        "font-family:sans-serif",
        "font-size:13px",
        "line-height:20px",
        "background:#ffffff",
        "color:#303030",
        "-webkit-text-fill-color:#303030",
    )
)
"""The looks of our own line, which no style sheet can change."""
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
    element: Element = field(default_factory=lambda: Element(""))
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Sheets:
    """What an email's style sheets say; `foreign`: it loads others, of which we know nothing."""

    rules: frozenset[Rule] = frozenset()
    foreign: bool = False


class _Sheets(HTMLParser):
    """Collects them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.foreign = False
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        self._in_style = tag == "style"
        self.foreign |= tag == "link" and not _FONTS.match(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """What stands in it."""
        if self._in_style:
            self.written.append(data)


def sheets_of(html: str) -> Sheets:
    """The style sheets of an email, and whether it loads others."""
    reader = _Sheets()
    reader.feed(html)
    reader.close()
    loaded = (_IMPORTED.sub("", each).lower() for each in reader.written)
    foreign = reader.foreign or any("@import" in each for each in loaded)
    return Sheets(frozenset(rule for each in reader.written for rule in style_sheets.rules(each)), foreign)


class _Reader(HTMLParser):
    """Looks for text that can be seen inside a link to one address: with `sheets` only what surely can."""

    def __init__(self, address: str, sheets: Sheets | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.found = False
        self._open = [_Around()]
        self._sheets = sheets

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        if tag not in _VOID:
            inside = _inside(self._open[-1], tag, dict(attrs), self.address)
            painted = any(name in _PAINTS for name, _ in attrs)
            self._open.append(replace(inside, doubtful=inside.doubtful or painted))

    def handle_endtag(self, tag: str) -> None:
        """It ends, with all that was left open in it."""
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Text."""
        here = self._open[-1]
        if self.found or not here.ours or here.unseen or here.tiny or not any(each.isalnum() for each in data):
            return
        self.found = contrast(here.ink, here.ground) >= _LIKE_ITS_GROUND and not self._doubtful()

    def _doubtful(self) -> bool:
        """Whether something may hide what stands here: a sheet, or a style that nobody knows."""
        if self._sheets is None:
            return False
        if self._sheets.foreign or any(one.doubtful for one in self._open):
            return True
        path = [one.element for one in self._open[1:]]
        return any(
            rule.hides(path[at]) and rule.concerns(path[: at + 1])
            for rule in self._sheets.rules
            for at in range(len(path))
        )


def _inside(outer: _Around, tag: str, attributes: Mapping[str, str | None], address: str) -> _Around:
    style = _style(attributes.get("style") or "")
    unseen = outer.unseen or tag in _UNSEEN_TAGS or "hidden" in attributes or _hides(style)
    ink = _colour(style.get("color", ""), outer.ink)
    ground = _colour(attributes.get("bgcolor") or "", outer.ground)
    ground = _colour(style.get("background-color") or style.get("background", ""), ground)
    tiny = _tiny(style.get("font-size", ""), outer.tiny)
    ours = attributes.get("href") == address if tag == "a" else outer.ours
    return _Around(tag, unseen, tiny, ink, ground, ours, _element(tag, attributes), _is_doubtful(style))


def _element(tag: str, attributes: Mapping[str, str | None]) -> Element:
    written = (attributes.get("style") or "").lower()
    kept = (each.partition(":")[0].strip() for each in written.split(";") if "!important" in each)
    classes = (attributes.get("class") or "").lower().split()
    return Element(tag, frozenset(classes), (attributes.get("id") or "").lower(), frozenset(kept))


def _is_doubtful(style: Mapping[str, str]) -> bool:
    """Whether a style may hide what stands in it by anything that is not looked at: colours are, and small letters."""
    for name, value in style.items():
        if name in ("color", "background-color", "background"):
            if not _HEX.fullmatch(value) and value not in ("inherit", "none", "transparent"):
                return True
        elif name == "-webkit-text-fill-color" and value == style.get("color"):
            continue
        elif name not in ("font-size", "") and style_sheets.may_hide(name, value):
            return True
    return False


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


def surely_shows_link(html: str, address: str, trusted: Collection[Rule]) -> bool:
    """The same, and nothing in its style sheets but what is `trusted` may hide that link."""
    sheets = sheets_of(html)
    reader = _Reader(address, replace(sheets, rules=sheets.rules - frozenset(trusted)))
    reader.feed(html)
    reader.close()
    return reader.found


def with_link(mail: RenderedMail, address: str, words: str, trusted: Collection[Rule] | None = None) -> RenderedMail:
    """The email with a last line that leads to the address, in each of its parts that has none; else as it was.

    `trusted`: its style sheets are a merchant's own but for these rules, so that the line is there in doubt, too.
    """
    html, text = mail.html, mail.text

    def shown(html: str) -> bool:
        return shows_link(html, address) if trusted is None else surely_shows_link(html, address, trusted)

    if not shown(html):
        html = _with_line(html, address, words, shown)
    if not says_address(text, address):
        text = f"{text.rstrip()}\n\n{labelled(mail.locale, words, address)}\n"
    return replace(mail, html=html, text=text)


def _with_line(html: str, address: str, words: str, shown: Callable[[str], bool]) -> str:
    """At the end; at the beginning where what comes before the end would hide it."""
    link = f'<a href="{escape(address)}" style="{_PLAIN}text-decoration:underline;">{escape(words)}</a>'
    line = f'<div style="{_PLAIN}padding:16px 32px;text-align:center;">{link}</div>'
    end, begin = html.lower().rfind("</body>"), re.search(r"<body\b[^<>]*>", html, re.IGNORECASE)
    places = (end if end >= 0 else len(html), begin.end() if begin else 0)
    tried = [html[:at] + line + html[at:] for at in places]
    return next((one for one in tried if shown(one)), tried[-1])
