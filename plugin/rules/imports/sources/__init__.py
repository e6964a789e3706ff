"""The apps whose files are known, in one list: a file each. The first that fits best is the guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from plugin.rules.imports.source import Source
from plugin.rules.imports.sources import bon, growave, joy, loyaltylion, plain, rivo, smile, stamped, suki, yotpo

SOURCES: Final[Sequence[Source]] = (
    smile.SOURCE,
    loyaltylion.SOURCE,
    yotpo.SOURCE,
    rivo.SOURCE,
    bon.SOURCE,
    growave.SOURCE,
    stamped.SOURCE,
    joy.SOURCE,
    suki.SOURCE,
    plain.SOURCE,
)
PLAIN: Final = plain.SOURCE
BY_KEY: Final[Mapping[str, Source]] = {source.key: source for source in SOURCES}
