"""A shopper's page says its texts by their keys, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from plugin.rules.words import catalogues
from plugin.web.words import said_in


@dataclass(frozen=True)
class Say:
    """Says texts in one language: `say("shopper.earn.thanks", points="5 points")`.

    `to_staff`: they read of somebody else what a shopper reads of themselves, in their own words where there are any.
    """

    locale: Locale
    to_staff: bool = False

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key, its places filled in."""
        return said_in(self.locale, self._own(key), None, values)

    def counted(self, key: str, count: int, /, **values: object) -> str:
        """The same in the plural form for `count`."""
        return said_in(self.locale, self._own(key), count, values)

    def _own(self, key: str) -> str:
        own = f"staff.told.{key.removeprefix('shopper.')}"
        return own if self.to_staff and catalogues.knows(own) else key
