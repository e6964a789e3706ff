"""Liquid as Suki's own emails are written in: no includes, and filters for texts, points and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from liquid import BoundTemplate, Environment, Mode, RenderContext, StrictUndefined
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.token import Token
from liquid.undefined import UNDEFINED
from markupsafe import Markup

from plugin.messages.texts import Texts
from plugin.rules.formats import number
from plugin.rules.words.texts import shown

TEXTS: Final = object()
"""Where a rendering finds the reader's texts: no template can write this name."""


class Values(RenderContext):
    """The values of a rendering. What is nothing has nothing within it; a name that nobody gave is a mistake."""

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """The value at a path."""
        found = self.resolve(str(path[0]), token=token, default=default)
        for segment in path[1:]:
            if found is None:
                return None
            try:
                found = self.get_item(found, segment)
            except (KeyError, TypeError, IndexError):
                return self.env.undefined(str(path[0]), hint=f"{_named(path)} is undefined", token=token)
        return found


def _named(path: list[object]) -> str:
    return ".".join(str(part) for part in path)[:80]


class _Template(BoundTemplate):
    context_class = Values


class _Own(Environment):
    template_class = _Template


@cache
def own_liquid(*, html: bool) -> Environment:
    """For what is assembled from blocks."""
    return prepared(_Own(autoescape=html, undefined=StrictUndefined, tolerance=Mode.STRICT))


def prepared(environment: Environment) -> Environment:
    """The same with our filters, and without what reads other templates."""
    for name in ("include", "render"):
        environment.tags.pop(name, None)
    filters: Mapping[str, Any] = {"t": _translated, "points": _points, "number": _number, "isolated": _isolated}
    for name, each in filters.items():
        environment.add_filter(name, each)
    return environment


def _texts(context: RenderContext) -> Texts:
    texts = context.scope[TEXTS]  # type: ignore[index]
    assert isinstance(texts, Texts)
    return texts


@with_context
def _translated(key: object, *, context: RenderContext, **values: object) -> str:
    """`'welcome.title' | t: name: first_name`; with `count:` in the plural form for it."""
    try:
        return _texts(context).text(str(key), **values)
    except (KeyError, IndexError, ValueError) as missing:
        raise FilterArgumentError(f"no text or value {missing} for {str(key)[:80]}", token=None) from missing


def _whole(amount: object) -> int:
    if not isinstance(amount, int):
        raise FilterArgumentError("expected a whole number", token=None)
    return amount


@with_context
def _points(amount: object, *, context: RenderContext) -> str:
    return _texts(context).points(_whole(amount))


@with_context
def _number(amount: object, *, context: RenderContext) -> str:
    return number(_whole(amount), _texts(context).locale)


@with_context
def _isolated(value: object, *, context: RenderContext) -> str:
    """The value as it stands within a sentence: names of the other direction kept from turning it round."""
    if isinstance(value, Markup):
        return value
    return shown("" if value is None else value, _texts(context).locale)
