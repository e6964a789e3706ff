"""How the storefront's widgets look and what they say, as a merchant chose: what a theme's own settings begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from plugin.errors import BadInput
from plugin.rules.brand import colour, readable_on
from plugin.rules.formats import one_line
from plugin.rules.words.texts import Said

POSITIONS: Final = ("end", "start")
"""Of the launcher, at the bottom: at the end of a line of text (the right in English), or at its start."""
LONGEST: Final = {"launcher_text": 24, "guest_heading": 60, "guest_text": 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colour, place and texts. An empty text is the storefront's own, in the shopper's language.

    Raises BadInput naming every field that is wrong.
    """

    accent: str = "#1f2933"
    position: str = "end"
    launcher_text: str = ""
    guest_heading: str = ""
    guest_text: str = ""
    guests: str = "yes"

    def __post_init__(self) -> None:
        wrong: dict[str, str] = {}
        try:
            object.__setattr__(self, "accent", colour(self.accent))
        except ValueError as error:
            wrong["accent"] = error.args[0]
        if self.position not in POSITIONS:
            wrong["position"] = Said("frame.wrong.choice")
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
        return readable_on(self.accent)


def look_of(stored: Mapping[str, object]) -> Look:
    """The look that is stored; what is missing has its default."""
    known = {field.name for field in fields(Look)}
    return Look(**{name: str(value) for name, value in stored.items() if name in known})
