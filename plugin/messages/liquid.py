"""Liquid as Suki's own emails are written in: no includes, and filters for texts, points and numbers."""

from __future__ import annotations

from functools import cache

from liquid import Environment, Mode, RenderContext, StrictUndefined
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from markupsafe import Markup

from plugin.messages.texts import Texts
from plugin.rules.formats import number
from plugin.rules.words.texts import shown


@cache
def own_liquid(*, html: bool) -> Environment:
    """For what is assembled from blocks. What every message has in common is in it already."""
    return prepared(Environment(autoescape=html, undefined=StrictUndefined, tolerance=Mode.STRICT))


def prepared(environment: Environment) -> Environment:
    """The same with our filters, and without what reads other templates."""
    for name in ("include", "render"):
        environment.tags.pop(name, None)
    environment.add_filter("t", _Translate())
    environment.add_filter("points", _points)
    environment.add_filter("number", _number)
    environment.add_filter("isolated", _isolated)
    return environment


def _texts(context: RenderContext) -> Texts:
    texts = context.resolve("texts")
    assert isinstance(texts, Texts)
    return texts


class _Translate:
    """`'welcome.title' | t: name: first_name`; with `count:` in the plural form for it."""

    with_context = True

    def __call__(self, key: object, *, context: RenderContext, **values: object) -> str:
        try:
            return _texts(context).text(str(key), **values)
        except KeyError as missing:
            raise FilterArgumentError(f"no text or value {missing} for {key}", token=None) from missing


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
