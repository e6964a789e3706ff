"""The texts that an email has while nobody has changed them: from the catalogues, by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from plugin.rules.words import catalogues

ALWAYS_KNOWN = {"unit": "points_name", "shop": "shop_name"}
"""Places that every text of the catalogues may have, and the variable each stands for."""
OTHER = 100
"""A number that takes the plural form of most numbers."""
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the catalogue. `values`: the variable that stands at each of its places; with `count` it is counted.

    `nameless` is the key of the text that stands where the variable of its first place is blank.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    nameless: str = ""

    def shown(self, language: str) -> str:
        """As the editor shows it and a merchant would write it: variables instead of places."""
        counted = catalogues.is_counted(self.key)
        pattern = catalogues.pattern(language, self.key, OTHER if counted else None)
        known = {**ALWAYS_KNOWN, **self.values}
        return _PLACE.sub(lambda place: f"{{{{ {known[place[1]]} }}}}", pattern)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A text that is the same in all languages, because it is made of variables."""

    source: str

    def shown(self, language: str) -> str:
        """As it is."""
        return self.source


@dataclass(frozen=True, slots=True)
class Case:
    """One of several texts of a field: `name` for the editor, `when` (Liquid, of the raw values) says when it is."""

    name: str
    when: str
    text: Text | Verbatim | None


Words = Text | Verbatim
Default = Words | tuple[Case, ...]
"""A field's one text, or its cases: the first that is true is said (None: nothing). The last may ask nothing."""


def fields_of(name: str, default: Default | None) -> Mapping[str, Words]:
    """The texts of a field by their names in the stored design: `note`, or `note.pending` for one of its cases."""
    if isinstance(default, tuple):
        return {f"{name}.{case.name}": case.text for case in default if case.text is not None}
    return {name: default} if default is not None else {}


GREETING = Text("common.greeting", {"name": "first_name"}, "common.greeting_nameless")
"""The line that most emails greet with."""
VISIT = Text("common.visit_shop")
"""The button that leads to the shop."""
