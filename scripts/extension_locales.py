"""The extensions' own locale files: `python scripts/extension_locales.py write|check`.

write   writes extensions/*/locales/*.json from plugin/locales/<language>/extensions/*.po
check   says which of them are not what they would be, and which texts Shopify could not say
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from plugin.rules.words.catalogues import ENGLISH, EXACTLY_ONE, catalogue, languages_of
from scripts.extension_texts import ROOT, SHARED, Extension, extensions, used

DOMAIN = "extensions"
MOST_BYTES = 15 * 1024
"""Of one locale file of a theme extension."""
MOST_FILES = 100
REGIONS = {"pt": ("pt-BR", "pt-PT")}
"""Languages that themes know by region only: a theme gets the same texts under each name as well."""
PLACE = re.compile(r"\{([a-z_]+)\}")
Texts = dict[str, Any]


def wanted(extension: Extension) -> dict[str, str]:
    """The extension's locale files by name, as they have to be."""
    found: dict[str, str] = {}
    for language in languages_of(DOMAIN):
        default = ".default" if language == ENGLISH else ""
        own = language.replace("_", "-") + default
        texts = dict(_texts(extension, language))
        if not extension.theme:
            found[f"{own}.json"] = _nested(texts)
            continue
        schema = {key: said for key, said in texts.items() if key.startswith("schema.")}
        texts = {key: said for key, said in texts.items() if key not in schema}
        for name in (own, *REGIONS.get(language, ())):
            found[f"{name}.schema.json"] = _nested({key.removeprefix("schema."): said for key, said in schema.items()})
            found[f"{name}.json"] = _nested(texts)
    return found


def _texts(extension: Extension, language: str) -> Iterator[tuple[str, object]]:
    names = used(extension)
    begun = tuple(name for name in names if name.endswith("."))
    own = catalogue(language)
    for key, said in sorted(own.texts.items()):
        if key in names or (begun and key.startswith(begun)):
            yield _inside(extension, key), _shopify(extension, language, said)


def _inside(extension: Extension, key: str) -> str:
    return key if key.startswith(f"{SHARED}.") else key.removeprefix(f"{extension.prefix}.")


def _shopify(extension: Extension, language: str, said: str | tuple[str, ...]) -> object:
    """A text in Shopify's notation; with plural forms, one for each of CLDR's categories."""
    if isinstance(said, str):
        return PLACE.sub(r"{{ \1 }}" if extension.theme else r"{{\1}}", said)
    return {category: _shopify(extension, language, said[form]) for category, form in categories(language).items()}


def categories(language: str) -> dict[str, int]:
    """CLDR's plural categories of a language, with the place of each among the catalogue's forms.

    `other` is always among them: Shopify wants it also where only fractions are counted so.
    """
    locale, form_of = Locale.parse(language, sep="_" if "_" in language else "-"), catalogue(language).form_of
    found: dict[str, int] = {}
    for number in (*range(1000), 1_000_000):
        found.setdefault(locale.plural_form(number), form_of(number))
    order = [each for each in ("zero", "one", "two", "few", "many") if each in found]
    return {**{each: found[each] for each in order}, "other": found.get("other", found.get("many", 0))}


def _nested(texts: Mapping[str, object]) -> str:
    tree: Texts = {}
    for key, said in texts.items():
        *above, last = key.split(".")
        node = tree
        for each in above:
            node = node.setdefault(each, {})
        node[last] = said
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def write() -> list[str]:
    """Write every locale file anew, and take away what has no language anymore. Answers what changed."""
    changed = []
    for extension in extensions():
        folder = extension.folder / "locales"
        folder.mkdir(exist_ok=True)
        files = wanted(extension)
        for name, text in files.items():
            if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text:
                (folder / name).write_text(text, encoding="utf-8")
                changed.append(str((folder / name).relative_to(ROOT)))
        for file in folder.glob("*.json"):
            if file.name not in files:
                file.unlink()
                changed.append(str(file.relative_to(ROOT)))
    return changed


def problems() -> list[str]:
    """All that is wrong with the files, and what Shopify could not say."""
    return [*_stale(), *_unsayable()]


def _stale() -> Iterator[str]:
    for extension in extensions():
        folder = extension.folder / "locales"
        files = wanted(extension)
        there = {file.name for file in folder.glob("*.json")}
        for name in sorted({*files, *there}):
            if name not in files:
                yield f"{_shown(folder / name)}: belongs to no language"
            elif name not in there or (folder / name).read_text(encoding="utf-8") != files[name]:
                yield f"{_shown(folder / name)}: not as the catalogues say: python scripts/extension_locales.py write"
            if extension.theme and len(files[name].encode() if name in files else b"") > MOST_BYTES:
                yield f"{_shown(folder / name)}: over {MOST_BYTES} bytes"
        if extension.theme and len(files) > MOST_FILES:
            yield f"{_shown(folder)}: over {MOST_FILES} files"


def _unsayable() -> Iterator[str]:
    prefixes = tuple(f"{extension.prefix}." for extension in extensions()) + (f"{SHARED}.",)
    for language in languages_of(DOMAIN):
        for key, said in catalogue(language).texts.items():
            if not key.startswith(prefixes):
                continue
            if key.endswith(EXACTLY_ONE):
                yield f"{language}: {key}: Shopify has no words for exactly one; say it so that no form needs it"
            for form in (said,) if isinstance(said, str) else said:
                if "<" in form and not key.rpartition(".")[2].endswith("_html"):
                    yield f"{language}: {key}: markup in a text"


def _shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


def main(command: str) -> int:
    """Carry out one command; answers what the shell is told."""
    lines = write() if command == "write" else problems()
    print("\n".join(lines) or "Every locale file is as the catalogues say.")
    return 1 if lines and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
