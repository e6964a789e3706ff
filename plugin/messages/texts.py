"""The words of the mails, read from one YAML file a language; nothing to compile."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from babel import Locale

from plugin.rules.formats import LANGUAGES, number
from plugin.rules.messages import DEFAULT_POINTS_NAME

_FOLDER = Path(__file__).parents[1] / "locales" / "mail"
_NUMBERED = re.compile(r"%\{(?:count|number)\}")
_PLACE = re.compile(r"%\{(\w+)\}")
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})


@cache
def catalogue(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """Every text of the language by its dotted key; a text with plural forms is a mapping of them."""
    tree = yaml.safe_load((_FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return dict(_flat("", tree))


def _flat(prefix: str, tree: Mapping[str, object]) -> list[tuple[str, str | Mapping[str, str]]]:
    rows: list[tuple[str, str | Mapping[str, str]]] = []
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if not isinstance(value, dict):
            rows.append((key, str(value)))
        elif "other" in value and value.keys() <= _PLURALS:
            rows.append((key, value))
        else:
            rows.extend(_flat(f"{key}.", value))
    return rows


class Texts:
    """The texts for one reader: their language, and the shop's own word for points."""

    def __init__(self, locale: Locale, points_name: str = DEFAULT_POINTS_NAME, shop: str = "") -> None:
        self.locale = locale
        self._texts = catalogue(locale.language)
        self._own_name = "" if points_name == DEFAULT_POINTS_NAME else points_name
        self._always = {"unit": self._own_name or str(self._texts["points.unit"]), "shop": shop}

    def text(self, key: str, **values: object) -> str:
        """The text with its places filled in; `count` chooses the plural form. KeyError if there is none.

        A form that says no number is meant for exactly one, whatever else the language counts as one: in
        Filipino that is also 2, 3, 5.
        """
        found = self._texts[key] if key in self._texts else catalogue(LANGUAGES[0])[key]
        if not isinstance(found, str):
            count = int(str(values.get("count", 0)))
            form = found.get(self.locale.plural_form(count), found["other"])
            found = form if abs(count) == 1 or _NUMBERED.search(form) else found["other"]
        known = {**self._always, **values}
        return _PLACE.sub(lambda place: self._shown(known[place[1]]), found)

    def points(self, amount: int) -> str:
        """An amount of points in words: `1 point`, `1,200 puntos`, `30 Stars`."""
        return self.counted(amount, number(amount, self.locale))

    def counted(self, amount: int, shown: str) -> str:
        """The same, with the amount written as `shown`."""
        if self._own_name:
            return f"{shown} {self._own_name}"
        return self.text("points.amount", count=amount, number=shown)

    def reason(self, reason: Mapping[str, object]) -> str:
        """A reason from the rules in words; one that has no text of its own gets the general one."""
        key, values = str(reason["key"]), reason["values"]
        if not isinstance(values, dict):
            raise TypeError("a reason's values are a mapping")
        if key not in self._texts:
            key = key.split(".")[0] + ".other"
        if "rate_points" in values:
            values = {**values, "rate": self.points(values["rate_points"])}
        said = self.text(key, **values)
        return f"{self._shown(values['title'])}: {said}" if values.get("title") else said

    def _shown(self, value: object) -> str:
        """Numbers grouped; text of the other writing direction kept from turning its neighbours round."""
        if isinstance(value, int):
            return number(value, self.locale)
        text = str(value)
        turned = any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if turned else text
