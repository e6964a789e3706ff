"""What a rendering needs besides its template, in a form that can be handed to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale

from plugin.messages.liquid.environment import TEXTS
from plugin.messages.texts import Texts
from plugin.rules.emails.variables import Amount
from plugin.rules.formats import reader_locale
from plugin.rules.words.own_words import PointsName

_POINTS: Final = "$points"


@dataclass(frozen=True, slots=True)
class Told:
    """The values of one email, its reader's locale, and the names of points and shop."""

    values: Mapping[str, object]
    locale: str
    points_name: str
    shop_name: str

    def filled(self) -> dict[Any, object]:
        """Everything that a template asks for."""
        locale = reader_locale(self.locale)
        sides = ("left", "right") if locale.text_direction == "ltr" else ("right", "left")
        known: dict[Any, object] = dict(self.values)
        known |= {"language": locale.language, "start": sides[0], "end": sides[1]}
        known[TEXTS] = Texts(locale, self.points_name, self.shop_name)
        return known


def to_json(told: Told) -> dict[str, object]:
    """The same as JSON."""
    return {
        "values": _plain(told.values),
        "locale": told.locale,
        "points_name": {"name": told.points_name, **_forms(told.points_name)},
        "shop_name": told.shop_name,
    }


def from_json(read: Mapping[str, Any]) -> Told:
    """What `to_json` wrote."""
    locale, points_name = reader_locale(read["locale"]), PointsName(**read["points_name"])
    values = {name: _restored(value, points_name, locale) for name, value in read["values"].items()}
    return Told(values, read["locale"], points_name, read["shop_name"])


def _forms(name: str) -> dict[str, object]:
    return {"forms": dict(name.forms), "language": name.language} if isinstance(name, PointsName) else {}


def _plain(value: object) -> object:
    if isinstance(value, Amount):
        return {_POINTS: int(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _restored(value: object, points_name: str, locale: Locale) -> object:
    if isinstance(value, dict):
        if _POINTS in value:
            return Amount(value[_POINTS], points_name, locale)
        return {name: _restored(each, points_name, locale) for name, each in value.items()}
    return [_restored(each, points_name, locale) for each in value] if isinstance(value, list) else value
