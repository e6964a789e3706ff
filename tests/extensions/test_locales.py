"""The extensions' locale files are made of the catalogues: whole, with the right plural forms and places."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from babel import Locale

from plugin.rules.words import catalogues
from plugin.rules.words.catalogues import catalogue, languages_of
from scripts import extension_locales, extension_texts
from scripts.extension_texts import Extension, extensions

NAMES = [each.folder.name for each in extensions()]


def test_every_file_is_what_the_catalogues_say() -> None:
    assert extension_locales.problems() == []


@pytest.mark.parametrize("name", NAMES)
def test_an_extension_has_every_language_and_exactly_one_default(name: str) -> None:
    folder = extension_texts.EXTENSIONS / name / "locales"
    found = {file.name for file in folder.glob("*.json")}
    assert {f"{each}.json" for each in languages_of("extensions") if each != "en"} <= found
    assert [each for each in sorted(found) if each.endswith("default.json")] == ["en.default.json"]
    assert all(json.loads((folder / each).read_text(encoding="utf-8")) for each in found)


def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str, texts: dict[str, str]) -> Path:
    """The locale files of an extension of this one module, with these catalogues by language."""
    folder = tmp_path / "extensions" / name
    folder.mkdir(parents=True)
    (folder / "shopify.extension.toml").write_text('[[extensions]]\ntype = "ui_extension"\nname = "t:name"\n')
    (folder / ("block.liquid" if name.startswith("theme") else "Block.jsx")).write_text(source)
    for language, po in texts.items():
        head = (catalogues.FOLDER / "fil" / "words.po").read_text() if language == "fil" else ""
        plural = {"ar": ARABIC, "en": "nplurals=2; plural=(n != 1);"}.get(language, "nplurals=2; plural=(n > 1);")
        head = head.partition("\n\n")[0] if head else f'msgid ""\nmsgstr ""\n"Plural-Forms: {plural}\\n"'
        (tmp_path / "locales" / language / "extensions").mkdir(parents=True)
        (tmp_path / "locales" / language / "extensions" / "all.po").write_text(f"{head}\n\n{po}")
    monkeypatch.setattr(extension_texts, "EXTENSIONS", tmp_path / "extensions")
    monkeypatch.setattr(extension_texts, "ROOT", tmp_path)
    monkeypatch.setattr(extension_locales, "ROOT", tmp_path)
    monkeypatch.setattr(extension_locales, "languages_of", lambda domain: tuple(texts))
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path / "locales")
    monkeypatch.setattr(extension_locales, "catalogue", catalogue.__wrapped__)
    extension_locales.write()
    return folder / "locales"


ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
)
POINTS = 'msgid "checkout.a.points"\nmsgid_plural "checkout.a.points"\n'


def test_plural_forms_and_places_are_as_shopify_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"ar": "zero one two few many other".split(), "en": ["one", "other"], "fil": ["one", "other"]}
    locales = written(
        tmp_path,
        monkeypatch,
        "checkout-x",
        "i18n.translate('a.points', {count, name}); i18n.translate(`why.${code}`)",
        {
            language: POINTS
            + "".join(f'msgstr[{n}] "{each} {{count}} of {{name}}"\n' for n, each in enumerate(names))
            + '\nmsgid "checkout.why.gone"\nmsgstr "Gone"\n\nmsgid "checkout.never.shown"\nmsgstr "Never"\n'
            for language, names in forms.items()
        },
    )
    assert json.loads((locales / "ar.json").read_text()) == {
        "a": {"points": {each: f"{each} {{{{count}}}} of {{{{name}}}}" for each in forms["ar"]}},
        "why": {"gone": "Gone"},
    }
    assert json.loads((locales / "en.default.json").read_text())["a"] == {
        "points": {"one": "one {{count}} of {{name}}", "other": "other {{count}} of {{name}}"}
    }
    assert sorted(file.name for file in locales.iterdir()) == ["ar.json", "en.default.json", "fil.json"]


def test_a_theme_has_its_editors_texts_apart_and_places_as_liquid_wants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    po = (
        'msgid "storefront.launcher.hello"\nmsgstr "Hello {name}"\n\n'
        'msgid "storefront.schema.launcher.name"\nmsgstr "Launcher"\n\n'
        'msgid "surface.copy.done"\nmsgstr "Copied"\n\nmsgid "storefront.name"\nmsgstr "Theme"\n'
    )
    locales = written(
        tmp_path,
        monkeypatch,
        "theme-x",
        "{{ 'launcher.hello' | t: name: n }}{{ 'surface.copy.done' | t }}"
        '{% schema %}{"name": "t:launcher.name"}{% endschema %}',
        {"en": po, "fil": po},
    )
    assert json.loads((locales / "en.default.json").read_text()) == {
        "launcher": {"hello": "Hello {{ name }}"},
        "surface": {"copy": {"done": "Copied"}},
    }
    assert json.loads((locales / "fil.schema.json").read_text()) == {"launcher": {"name": "Launcher"}}
    assert sorted(file.name for file in locales.iterdir()) == [
        "en.default.json",
        "en.default.schema.json",
        "fil.json",
        "fil.schema.json",
    ]


@pytest.mark.parametrize(("name", "prefix"), [("theme-x", "storefront"), ("checkout-x", "checkout")])
def test_a_theme_alone_has_portuguese_under_the_names_that_themes_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, prefix: str
) -> None:
    po = f'msgid "{prefix}.title"\nmsgstr "Points"\n'
    source = "{{ 'title' | t }}" if prefix == "storefront" else "translate('title')"
    locales = written(tmp_path, monkeypatch, name, source, {"en": po, "pt": po})
    found = {file.name for file in locales.iterdir() if not file.name.startswith("en.")}
    names = ("pt", "pt-BR", "pt-PT") if prefix == "storefront" else ("pt",)
    endings = (".json", ".schema.json") if prefix == "storefront" else (".json",)
    assert found == {f"{each}{ending}" for each in names for ending in endings}
    assert [json.loads((locales / f"{each}.json").read_text()) for each in names] == [{"title": "Points"}] * len(names)


def test_a_file_that_is_old_left_over_or_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    po = 'msgid "checkout.name"\nmsgstr "Points"\n'
    locales = written(tmp_path, monkeypatch, "checkout-x", "", {"en": po, "fil": po})
    assert extension_locales.problems() == []
    (locales / "en.default.json").write_text("{}")
    (locales / "fil.json").unlink()
    (locales / "xx.json").write_text("{}")
    wrong = "not as the catalogues say: python scripts/extension_locales.py write"
    assert extension_locales.problems() == [
        f"extensions/checkout-x/locales/en.default.json: {wrong}",
        f"extensions/checkout-x/locales/fil.json: {wrong}",
        "extensions/checkout-x/locales/xx.json: belongs to no language",
    ]
    assert extension_locales.write() == [
        f"extensions/checkout-x/locales/{each}" for each in ("en.default.json", "fil.json", "xx.json")
    ]
    assert extension_locales.problems() == []


def test_words_for_exactly_one_and_markup_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    po = 'msgid "checkout.a.points=1"\nmsgstr "1 point"\n\nmsgid "checkout.a.bold"\nmsgstr "<b>Now</b>"\n'
    written(tmp_path, monkeypatch, "checkout-x", "", {"en": po})
    assert extension_locales.problems() == [
        "en: checkout.a.points=1: Shopify has no words for exactly one; say it so that no form needs it",
        "en: checkout.a.bold: markup in a text",
    ]


@pytest.mark.parametrize("language", languages_of("extensions"))
def test_categories_are_those_of_the_language_and_always_have_other(language: str) -> None:
    locale = Locale.parse(language)
    found = extension_locales.categories(language)
    assert "other" in found
    assert set(found) >= {locale.plural_form(number) for number in range(1000)}
    assert all(
        found[locale.plural_form(number)] == catalogue(language).form_of(number) for number in (*range(1000), 10**6)
    )


def test_what_an_extension_asks_for_is_found_in_calls_choices_templates_and_shared_modules(tmp_path: Path) -> None:
    folder = tmp_path / "extensions" / "pos-x"
    (folder / "src").mkdir(parents=True)
    shutil.copytree(folder.parent / "pos-x", folder.parent / "shared")
    (folder.parent / "shared" / "part.js").write_text("translate('surface.copy.done')")
    (folder / "src" / "Tile.jsx").write_text(
        "import {part} from '../../shared/part.js';\n"
        "// translate('gone.in_a_comment')\n"
        "/* translate('gone.in_another') */\n"
        "i18n.translate(open ? 'tile.open' : \"tile.closed\"); translate(`tile.state.${state}`); translate('title');\n"
    )
    extension = Extension(folder, "pos")
    assert extension_texts.used(extension) == {
        "pos.tile.open",
        "pos.tile.closed",
        "pos.tile.state.",
        "pos.title",
        "surface.copy.done",
    }
