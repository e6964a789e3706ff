"""What theme-check does not look at in a block: its target, keys, types of settings, and how long its name is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugin.rules.words.catalogues import ENGLISH, languages_of
from tests.extensions.theme.shown import EXTENSION, FOLDER

KEYS = {
    "name", "target", "tag", "class", "settings", "stylesheet", "javascript", "available_if", "enabled_on",
    "disabled_on", "default",
}  # fmt: skip
TYPES = {
    "checkbox", "number", "radio", "range", "select", "text", "textarea", "color", "product", "url", "header",
    "paragraph", "page",
}  # fmt: skip
OF_SETTING = {
    "checkbox": {"default"}, "number": {"default", "placeholder"}, "range": {"min", "max", "step", "unit", "default"},
    "select": {"options", "default"}, "text": {"default", "placeholder"}, "textarea": {"default", "placeholder"},
    "color": {"default"}, "product": {"autofill"}, "url": {"default"}, "page": set(),
}  # fmt: skip
NAMES = sorted(EXTENSION.blocks)
LANGUAGES = ("en.default", *(each for each in languages_of("extensions") if each != ENGLISH))


def schema(name: str) -> dict[str, Any]:
    return dict(EXTENSION.blocks[name].schema)


def settings(name: str) -> list[dict[str, Any]]:
    return [one for one in schema(name)["settings"] if "id" in one]


def said(language: str, key: str) -> str:
    texts = json.loads((FOLDER / "locales" / f"{language}.schema.json").read_text())
    for part in key.removeprefix("t:").split("."):
        texts = texts[part]
    assert isinstance(texts, str)
    return texts


@pytest.mark.parametrize("name", NAMES)
def test_a_block_has_the_keys_that_shopify_knows(name: str) -> None:
    known = schema(name)
    assert set(known) <= KEYS
    assert known["target"] in {"section", "body"}
    assert not {"enabled_on", "disabled_on"} <= set(known)
    assert known["available_if"] == "{{ app.metafields.suki.available }}"
    assert (known["target"] == "body") == (name == "launcher")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blocks_name_fits_and_does_not_name_the_app(name: str, language: str) -> None:
    words = said(language, schema(name)["name"])
    assert 0 < len(words) <= 25
    assert "suki" not in words.lower()


@pytest.mark.parametrize("name", NAMES)
def test_settings_have_known_types_their_own_keys_and_defaults_that_are_right(name: str) -> None:
    ids = [one["id"] for one in settings(name)]
    assert len(ids) == len(set(ids))
    for one in schema(name)["settings"]:
        assert one["type"] in TYPES
        if one["type"] in ("header", "paragraph"):
            assert set(one) <= {"type", "content", "info"}
            continue
        assert set(one) - {"type", "id", "label", "info"} <= OF_SETTING[one["type"]], one["id"]
        assert is_right(one), one["id"]


def is_right(one: dict[str, Any]) -> bool:
    """Whether a setting that nobody touched is one that could have been chosen."""
    kind, default = one["type"], one.get("default")
    if kind == "checkbox":
        return isinstance(default, bool)
    if kind == "select":
        return default in [each["value"] for each in one["options"]]
    if kind == "range":
        steps = (one["max"] - one["min"]) / one["step"]
        return one["min"] <= default <= one["max"] and steps == int(steps) and 2 <= steps <= 100
    if kind == "color":
        return default is None or (len(default) == 7 and default[0] == "#")
    return default != ""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_editor_is_there(name: str, language: str) -> None:
    for one in schema(name)["settings"]:
        for key in ("label", "content", "info", "unit"):
            if str(one.get(key, "")).startswith("t:"):
                assert said(language, one[key])
        for each in one.get("options", ()):
            assert said(language, each["label"])


@pytest.mark.parametrize("name", NAMES)
def test_the_files_that_a_block_names_are_there_and_every_setting_is_used(name: str) -> None:
    block = EXTENSION.blocks[name]
    for key in ("stylesheet", "javascript"):
        if key in block.schema:
            assert (FOLDER / "assets" / block.schema[key]).is_file()
    for one in settings(name):
        assert f"block.settings.{one['id']}" in block.source or f"'{one['id']}'" in block.source, one["id"]


def test_the_extension_has_no_folder_and_no_size_that_shopify_refuses() -> None:
    folders = {
        path.relative_to(FOLDER).parts[0] for path in FOLDER.rglob("*") if len(path.relative_to(FOLDER).parts) > 1
    }
    assert folders == {"assets", "blocks", "locales", "snippets"}
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.liquid")) < 100_000
    assert len(list(Path(FOLDER, "blocks").iterdir())) <= 30
    for path in Path(FOLDER, "locales").iterdir():
        assert path.stat().st_size <= 15 * 1024
