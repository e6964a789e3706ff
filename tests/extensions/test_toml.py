"""Each shopify.extension.toml says what Shopify's CLI and its tester read: a deploy would refuse it otherwise."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from scripts.extension_texts import Extension, extensions
from tests.extensions.node import FOLDER, NAMES, ROOT, needs_node

# As in the CLI's own source.
TOP = {"api_version", "extensions"}
KEYS = {"type", "name", "handle", "description", "uid", "targeting", "metafields", "capabilities", "settings"} | {
    "supported_features"
}
TARGETING = {"target", "module", "should_render", "metafields", "urls", "capabilities", "url", "default_placement"}
CAPABILITIES = {"network_access", "api_access", "block_progress"}
FIELD = {"key", "type", "name", "description", "required", "default_value", "validations"}
FIELD_TYPES = {"boolean", "date", "date_time", "single_line_text_field", "multi_line_text_field"} | {
    "number_integer", "number_decimal", "variant_reference",
}  # fmt: skip
MOST_FIELDS, LONGEST_HANDLE = 20, 50
HANDLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
ALONE = "customer-account.page.render"
TARGETS = ROOT / "node_modules" / "@shopify" / "ui-extensions" / "build" / "ts" / "surfaces"
TESTER = ROOT / "node_modules" / "@shopify" / "ui-extensions-tester" / "package.json"


def said(name: str) -> dict[str, Any]:
    """What the file of an extension says."""
    return tomllib.loads((FOLDER / name / "shopify.extension.toml").read_text(encoding="utf-8"))


def first(name: str) -> dict[str, Any]:
    """Its one extension."""
    (one,) = said(name)["extensions"]
    return dict(one)


OURS = [name for name in NAMES if "extensions" in said(name)]
UI = [name for name in OURS if first(name)["type"] == "ui_extension"]


@pytest.mark.parametrize("name", OURS)
def test_only_keys_that_the_cli_knows(name: str) -> None:
    one = first(name)
    assert said(name).keys() <= TOP
    assert one.keys() <= KEYS
    assert all(each.keys() <= TARGETING for each in one.get("targeting", ()))
    assert one.get("capabilities", {}).keys() <= CAPABILITIES
    fields = one.get("settings", {}).get("fields", ())
    assert all(each.keys() <= FIELD and each["type"] in FIELD_TYPES for each in fields)
    assert len(fields) <= MOST_FIELDS
    assert len({each["key"] for each in fields}) == len(fields)
    assert all(isinstance(rule["value"], str) for each in fields for rule in each.get("validations", ()))


def test_handles_are_unique_and_of_their_form_and_name_the_folder() -> None:
    handles = {name: first(name)["handle"] for name in OURS}
    assert handles == {name: name for name in OURS}
    assert [each for each in handles.values() if not HANDLE.fullmatch(each) or len(each) > LONGEST_HANDLE] == []


@pytest.mark.parametrize("name", UI)
def test_a_full_page_stands_alone_and_no_target_stands_twice(name: str) -> None:
    targets = [each["target"] for each in first(name)["targeting"]]
    assert len(set(targets)) == len(targets)
    assert ALONE not in targets or targets == [ALONE]
    assert len({target.partition(".")[0] for target in targets}) == 1, "one surface for each extension"


@pytest.mark.parametrize("name", UI)
def test_modules_are_there(name: str) -> None:
    modules = [each["module"] for each in first(name)["targeting"]]
    modules += [each["should_render"]["module"] for each in first(name)["targeting"] if "should_render" in each]
    assert [each for each in modules if not (FOLDER / name / each).is_file()] == []


@pytest.mark.parametrize("name", [name for name in UI if name.startswith(("checkout", "account"))])
def test_network_access_is_declared_in_the_form_that_the_tester_reads(name: str) -> None:
    """A comment behind it counts as false there, and Shopify lets nothing through without it."""
    text = (FOLDER / name / "shopify.extension.toml").read_text(encoding="utf-8")
    assert [line.strip() for line in text.splitlines() if "network_access" in line] == ["network_access = true"]


@needs_node
@pytest.mark.parametrize("name", UI)
def test_targets_and_version_are_shopifys(name: str) -> None:
    known = {file.name.removesuffix(".d.ts") for file in TARGETS.glob("*/targets/*.d.ts")}
    assert {each["target"] for each in first(name)["targeting"]} <= known
    year, month, _ = json.loads(TESTER.read_text(encoding="utf-8"))["version"].split(".")
    assert said(name)["api_version"] == f"{year}-{month.zfill(2)}"


@pytest.mark.parametrize(
    "extension", [each for each in extensions() if not each.theme], ids=lambda each: each.folder.name
)
def test_its_name_is_a_text_in_every_language(extension: Extension) -> None:
    one = first(extension.folder.name)
    asked = [text for text in (one["name"], one.get("description", ""), *_texts(one)) if text.startswith("t:")]
    assert one["name"] in asked
    for file in (extension.folder / "locales").glob("*.json"):
        texts = json.loads(file.read_text(encoding="utf-8"))
        for text in asked:
            node: Any = texts
            for part in text.removeprefix("t:").split("."):
                node = node[part]
            assert isinstance(node, str) and node, (file.name, text)


def _texts(one: dict[str, Any]) -> list[str]:
    return [each["name"] for each in one.get("settings", {}).get("fields", ())]


def test_every_extension_is_described_for_whoever_deploys_it() -> None:
    page = (ROOT / "docs" / "operating" / "extensions.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in page] == []
