"""The words of the mails for one reader: their language, and the shop's own name for points."""

from __future__ import annotations

from babel import Locale

from plugin.rules.formats import DEFAULT_POINTS_NAME, counted_points, number, points_unit
from plugin.rules.words import texts


class Texts:
    """The texts for one reader: their language, and the shop's own word for points."""

    def __init__(self, locale: Locale, points_name: str = DEFAULT_POINTS_NAME, shop: str = "") -> None:
        self.locale = locale
        self._points_name = points_name
        self._always = {"unit": points_unit(points_name, locale), "shop": shop}

    def text(self, key: str, **values: object) -> str:
        """The text with its places filled in; `count` chooses the plural form. KeyError if there is none."""
        known = {**self._always, **values}
        count = values.get("count")
        if isinstance(count, int):
            return texts.counted(self.locale, key, count, **known)
        return texts.text(self.locale, key, **known)

    def points(self, amount: int) -> str:
        """An amount of points in words: `1 point`, `1,200 points`, `30 Stars`."""
        return self.counted(amount, number(amount, self.locale))

    def counted(self, amount: int, shown: str) -> str:
        """The same, with the amount written as `shown`."""
        return counted_points(amount, shown, self._points_name, self.locale)
