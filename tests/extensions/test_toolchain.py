"""Each extension's types, elements, weight and texts are what Shopify takes."""

from __future__ import annotations

import gzip
import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts import extension_api
from tests.extensions.node import FOLDER, NAMES, ROOT, needs_node, run

pytestmark = needs_node
UI = [
    name
    for name in NAMES
    if any(
        each.get("type") == "ui_extension"
        for each in tomllib.loads((FOLDER / name / "shopify.extension.toml").read_text()).get("extensions", ())
    )
]
MOST_COMPRESSED = 24 * 1024


def passes(done: subprocess.CompletedProcess[str]) -> str:
    """What a check said that found nothing wrong."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_types_are_right_in_every_module() -> None:
    said = passes(run("types"))
    assert [name for name in UI if f"extensions/{name}: " not in said] == []


def test_every_element_is_there_in_each_target_that_shows_it() -> None:
    said = passes(run("elements"))
    assert [name for name in UI if f"{name}: " not in said] == []


def test_the_theme_check_finds_no_offence_and_scripts_are_light() -> None:
    passes(run("theme"))


@pytest.mark.parametrize("name", UI)
def test_a_bundle_is_built_for_the_app_that_is_named_and_is_light(name: str, tmp_path: Path) -> None:
    passes(run("build", name, SUKI_APP_URL="https://app.test:8443", SUKI_DIST=str(tmp_path)))
    dist = tmp_path / name
    built = json.loads((dist / "built.json").read_text())
    assert built["app_url"] == "https://app.test:8443"
    bundles = [(dist / each["file"]).read_bytes() for each in built["files"]]
    assert sum(len(gzip.compress(each)) for each in bundles) <= MOST_COMPRESSED
    whole = b"".join(bundles)
    assert b"loyalty.example.com" not in whole
    targets = {target for each in built["files"] for target in each["targets"]}
    toml = tomllib.loads((FOLDER / name / "shopify.extension.toml").read_text())
    assert {each["target"] for each in toml["extensions"][0]["targeting"]} <= targets
    assert all(target.encode() in whole for target in targets)


@pytest.mark.parametrize("name", UI)
def test_sizes_are_what_a_deploy_would_have(name: str) -> None:
    (measured,) = json.loads(passes(run("size", "--json", name)))
    assert 0 < measured["compressed"] <= measured["most"] == MOST_COMPRESSED


def test_the_address_is_the_apps() -> None:
    passes(run("address", "check"))


def test_another_address_is_told() -> None:
    done = run("address", "check", SUKI_APP_URL="https://elsewhere.test")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "extensions/shared/address.js is not what shopify.app.toml says: run `npm run extensions:address`",
    )


def test_the_types_of_answers_are_what_the_shapes_say() -> None:
    assert (FOLDER / "shared" / "api.d.ts").read_text(encoding="utf-8") == extension_api.types()


def test_an_extension_that_is_not_there_is_an_error() -> None:
    done = run("build", "no-such-extension")
    assert done.returncode == 1
    assert "no such extension: no-such-extension" in done.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<s-table />", "<s-table> is not there in purchase.checkout.block.render"),
        ("<div>Hello</div>", "<div> is not there in purchase.checkout.block.render"),
        ("{const Tag = 's-table'; return <Tag />;}", "<s-table> is not there in purchase.checkout.block.render"),
    ],
)
def test_an_element_that_a_target_lacks_is_found(tmp_path: Path, source: str, said: str) -> None:
    done = _elements_of(tmp_path, f"export default () => {source};")
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_what_a_target_has_passes_also_where_a_module_that_it_imports_shows_it(tmp_path: Path) -> None:
    (tmp_path / "Part.jsx").write_text("export const Part = () => <s-table />;\n")
    fine = _elements_of(tmp_path, "// <s-table />\nexport default () => <s-text>Hello</s-text>;")
    assert fine.returncode == 0, fine.stderr
    wrong = _elements_of(tmp_path, "import {Part} from './Part.jsx';\nexport default () => <Part />;")
    assert (wrong.returncode, "Part.jsx:1: <s-table>" in wrong.stderr) == (1, True)


def _elements_of(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """What is said of an extension with this module, in a tree of its own."""
    extension = folder / "extensions" / "checkout-x"
    extension.mkdir(parents=True, exist_ok=True)
    (extension / "Part.jsx").write_text((folder / "Part.jsx").read_text() if (folder / "Part.jsx").exists() else "")
    (extension / "Block.jsx").write_text(source)
    (extension / "shopify.extension.toml").write_text(
        '[[extensions]]\ntype = "ui_extension"\nhandle = "checkout-x"\n[[extensions.targeting]]\n'
        'target = "purchase.checkout.block.render"\nmodule = "./Block.jsx"\n'
    )
    return run("elements", SUKI_EXTENSIONS=str(extension.parent))


def test_what_is_written_here_is_git_ignored() -> None:
    listed = subprocess.run(["git", "ls-files", "extensions"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [each for each in listed.stdout.split() if each.endswith("/shopify.d.ts") or "/dist/" in each] == []
