"""What one shop calls things: the name of its points in each plural form, and its other names for one reader.

A name of points goes wherever points are printed, beside the reader's locale; with it go the names of rewards, tiers
and the rest in the reader's language, so that also what was copied long ago is said in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, Self

from babel import Locale

Names = Callable[[str, str], str]
"""A kind of name, and the name as the shop wrote it: as the reader reads it."""
OTHER: Final = "other"
"""The plural form that every language has."""


def as_written(_kind: str, source: str) -> str:
    """A name as the shop wrote it."""
    return source


class PointsName(str):
    """The shop's word for points within a sentence, and its forms beside a number, by CLDR's plural category.

    `language` is that of the forms; without one the form `one` is for exactly one, as the shop wrote it.
    """

    forms: Mapping[str, str]
    language: str
    names: Names

    def __new__(
        cls, name: str, forms: Mapping[str, str] | None = None, language: str = "", names: Names = as_written
    ) -> Self:
        """The name with its forms; a form that is missing is the name itself."""
        made = super().__new__(cls, name)
        made.forms, made.language, made.names = forms or {}, language, names
        return made

    def beside(self, count: int) -> str:
        """The form for so many.

        >>> PointsName("crumbs", {"one": "crumb"}).beside(-1), PointsName("crumbs", {"one": "crumb"}).beside(21)
        ('crumb', 'crumbs')
        """
        if self.language:
            category = _categories(self.language)(abs(count))
        else:
            category = "one" if abs(count) == 1 else OTHER
        return self.forms.get(category) or self.forms.get(OTHER) or str(self)

    def cleaned(self, clean: Callable[[str], str]) -> PointsName:
        """The same, each form cleaned."""
        forms = {category: clean(form) for category, form in self.forms.items()}
        return PointsName(clean(self), forms, self.language, self.names)


@lru_cache(maxsize=64)
def _categories(language: str) -> Callable[[int], str]:
    plural: Callable[[int], str] = Locale.parse(language, sep="-").plural_form
    return plural


def beside(count: int, name: str) -> str:
    """The name of points for so many; one that has no forms is always the same."""
    return name.beside(count) if isinstance(name, PointsName) else name


def names_of(name: str) -> Names:
    """The shop's other names that came with the name of its points."""
    return name.names if isinstance(name, PointsName) else as_written
