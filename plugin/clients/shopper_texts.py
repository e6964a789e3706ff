"""What shoppers read on the storefront and in mails, in their language: English in the code, the others beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from plugin.rules.formats import reader_locale

_FOLDER = Path(__file__).resolve().parents[1] / "locales" / "shopper"


@cache
def catalogue(language: str) -> dict[str, str]:
    """English text to the language's own; empty for English."""
    file = _FOLDER / f"{language}.yml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def translator(locale: str) -> Callable[[str], str]:
    """Puts a text into the reader's language; one that is not translated stays English."""
    known = catalogue(reader_locale(locale).language)
    return lambda text: known.get(text, text)
