"""How the storefront's widgets and the shopper's pages look and what they say, as a merchant chose.

What is left empty comes from the brand (*Messages, Brand*), where the shop has set one. Every text on every ground can
be read, whatever colours were chosen: what could not be gives way to one that can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

from plugin.errors import BadInput
from plugin.rules.brand import CORNERS, FONTS, READABLE, Brand, blend, colour, contrast, palette, readable_on
from plugin.rules.formats import one_line, web_address
from plugin.rules.referrals.sharing import CHANNELS, NONE, chosen
from plugin.rules.words.texts import Said

POSITIONS: Final = ("end", "start")
"""Of the launcher, at the bottom: at the end of a line of text (the right in English), or at its start."""
LONGEST: Final = {"launcher_text": 24, "guest_heading": 60, "guest_text": 200}
THEME: Final = "theme"
"""The font of the theme in which the pages stand."""
USUAL_ACCENT: Final = "#1f2933"
_USUAL_CORNER: Final = "12"
_PAPER, _INK, _WHITE, _BLACK = "#ffffff", "#202223", "#ffffff", "#000000"
VISIBLE: Final = 3.0
"""The contrast that WCAG 2.2 asks of what is no text: edges of fields, marks, bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours, font, corners, picture, place and texts. What is empty is the brand's; an empty text is the
    storefront's own, in the shopper's language.

    `share`: where members can share their link, keys of CHANNELS with commas; empty for what is usual in the shop's
    country. Raises BadInput naming every field that is wrong.
    """

    accent: str = ""
    position: str = "end"
    launcher_text: str = ""
    guest_heading: str = ""
    guest_text: str = ""
    guests: str = "yes"
    paper: str = ""
    font: str = ""
    corner: str = ""
    picture: str = ""
    share: str = ""

    def __post_init__(self) -> None:
        wrong: dict[str, str] = {}
        for name in ("accent", "paper"):
            try:
                object.__setattr__(self, name, colour(getattr(self, name)) if getattr(self, name) else "")
            except ValueError as error:
                wrong[name] = error.args[0]
        for name, choices in (("position", POSITIONS), ("font", ("", THEME, *FONTS)), ("corner", ("", *CORNERS))):
            if getattr(self, name) not in choices:
                wrong[name] = Said("frame.wrong.choice")
        if self.picture and not _is_picture(self.picture):
            wrong["picture"] = Said("frame.wrong.url")
        if self.share != NONE and not all(key in CHANNELS for key in chosen(self.share)):
            wrong["share"] = Said("frame.wrong.choice")
        for name, longest in LONGEST.items():
            text = one_line(getattr(self, name), longest + 1)
            object.__setattr__(self, name, text)
            if len(text) > longest:
                wrong[name] = Said("settings.storefront.too_long", most=longest)
        if wrong:
            raise BadInput(Said("frame.wrong.fields"), wrong)

    @property
    def on_accent(self) -> str:
        """White or black, whichever can be read on the accent."""
        return readable_on(self.accent or USUAL_ACCENT, _WHITE)


def _is_picture(value: str) -> bool:
    """An address that a page of the shop may show: over https alone."""
    try:
        return web_address(value).startswith("https://")
    except ValueError:
        return False


def look_of(stored: Mapping[str, object]) -> Look:
    """The look that is stored; what is missing, or is none of what may be chosen, has its default."""
    known = {field.name for field in fields(Look)}
    values = {name: str(value) for name, value in stored.items() if name in known}
    try:
        return Look(**values)
    except BadInput as error:
        return Look(**{name: value for name, value in values.items() if name not in error.fields})


def dressed(look: Look, brand: Brand | None) -> Look:
    """The look with the brand's values in what was left empty; None for a shop that has set no brand."""
    worn = brand if brand is not None else Brand(primary=USUAL_ACCENT, text=_INK, corner=_USUAL_CORNER)
    font = THEME if worn.font == "system" else worn.font
    return replace(
        look,
        accent=look.accent or worn.primary,
        paper=look.paper or palette(worn)["card"],
        font=look.font or font,
        corner=look.corner or worn.corner,
    )


@dataclass(frozen=True, slots=True)
class PageLook:
    """What the shopper's pages are drawn with: colours that can be read on each other, corners, font, picture."""

    colours: Mapping[str, str]
    corner_px: int
    font: str
    picture: str

    @property
    def css(self) -> str:
        """The same as custom properties for a style attribute: hex colours, whole numbers and names of our own."""
        shown = {**self.colours, "corner": f"{self.corner_px}px", "corner-small": f"{min(self.corner_px, 12)}px"}
        if self.font:
            shown |= {"font": self.font, "heading-font": self.font}
        return "; ".join(f"--suki-{name}: {value}" for name, value in shown.items())


def page_look(look: Look, brand: Brand | None) -> PageLook:
    """How the pages look for this shop."""
    worn = dressed(look, brand)
    colours = page_colours(worn.accent, worn.paper, brand.text if brand is not None else _INK)
    return PageLook(colours, int(worn.corner), FONTS.get(worn.font, ""), worn.picture)


def page_colours(accent: str, paper: str, text: str) -> dict[str, str]:
    """Every colour of the pages from three. What is written on what: `ink`, `quiet` and `accent` on `paper` and `tint`,
    `on-fill` on `fill` and `fill-hover`, `quiet-on-fill` on `fill`, `fill` on `on-fill` and `on-fill-hover`; `edge`
    and `mark` can be told from `paper`."""
    ink = readable_on(paper, text)
    on_fill = readable_on(accent, _WHITE)
    lit = blend(on_fill, accent, 0.1)
    tint = blend(accent, paper, 0.92)
    accent_text = readable_on(paper, accent) if contrast(accent, paper) >= READABLE else ink
    tint = tint if min(contrast(ink, tint), contrast(accent_text, tint)) >= READABLE else paper
    edge = blend(ink, paper, 0.45)
    edge = edge if contrast(edge, paper) >= VISIBLE else ink
    return {
        "fill": accent,
        "on-fill": on_fill,
        "fill-hover": blend(accent, _BLACK if contrast(on_fill, _BLACK) > contrast(on_fill, _WHITE) else _WHITE, 0.14),
        "fill-edge": accent if contrast(accent, paper) >= VISIBLE else edge,
        "quiet-on-fill": _softer(on_fill, accent, accent),
        "on-fill-hover": lit if contrast(accent, lit) >= READABLE else on_fill,
        "paper": paper,
        "ink": ink,
        "quiet": _softer(ink, paper, tint),
        "accent": accent_text,
        "tint": tint,
        "line": blend(ink, paper, 0.86),
        "edge": edge,
    }


def _softer(ink: str, paper: str, other: str) -> str:
    """The ink a little paler, as long as it can be read on both grounds."""
    soft = blend(ink, paper, 0.28)
    return soft if min(contrast(soft, paper), contrast(soft, other)) >= READABLE else ink
