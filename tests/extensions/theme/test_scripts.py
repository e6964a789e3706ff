"""The scripts that Shopify deploys are made of their sources, are small, and never take a text for markup."""

from __future__ import annotations

import gzip
import re

from tests.extensions.node import needs_node, node
from tests.extensions.theme.shown import FOLDER

ROOT = FOLDER.parents[1]
SOURCES = sorted((ROOT / "extensions" / "theme-scripts" / "src").glob("*.js"))
MOST_BYTES = 10 * 1024


@needs_node
def test_what_is_deployed_is_what_the_sources_make() -> None:
    done = node("scripts/theme_assets.mjs", "check")
    assert (done.stdout, done.returncode) == ("", 0)


@needs_node
def test_the_sources_have_their_types() -> None:
    done = node("node_modules/typescript/bin/tsc", "-p", "extensions/theme-scripts")
    assert (done.stdout, done.returncode) == ("", 0)


def test_all_scripts_together_are_small() -> None:
    sizes = [len(gzip.compress(path.read_bytes(), 9)) for path in (FOLDER / "assets").glob("*.js")]
    assert len(sizes) == 2
    assert sum(sizes) < MOST_BYTES


def test_no_text_becomes_markup_or_code() -> None:
    for path in SOURCES:
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", path.read_text()
        )
        assert found == [], path.name
