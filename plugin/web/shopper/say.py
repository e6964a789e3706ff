"""A shopper's page says its texts by their keys, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from plugin.web.words import said_in


@dataclass(frozen=True)
class Say:
    """Says texts in one language: `say("shopper.earn.thanks", points="5 points")`."""

    locale: Locale

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key, its places filled in."""
        return said_in(self.locale, key, None, values)

    def counted(self, key: str, count: int, /, **values: object) -> str:
        """The same in the plural form for `count`."""
        return said_in(self.locale, key, count, values)
