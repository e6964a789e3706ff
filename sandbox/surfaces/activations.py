"""Where a merchant placed the app's extensions, as App Bridge tells the app: `shopify.app.extensions()`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from sandbox.options import Options
from sandbox.state import Record, Shop
from sandbox.surfaces.extensions import every

OFF = "extensions_off"
"""In the shop's settings: targets of UI extensions that stand nowhere."""
THEME = 1
_SCHEMA = re.compile(r"{%-?\s*schema\s*-?%}(.*?){%-?\s*endschema\s*-?%}", re.DOTALL)


def activations(options: Options, shop: Shop) -> list[Record]:
    """Each extension: of UI ones the targets that are placed, of the theme's every block with its state."""
    off = shop.settings.get(OFF, [])
    found = [
        {
            "handle": one.handle,
            "type": "ui_extension",
            "activations": [{"target": each["target"]} for each in one.targets if each["target"] not in off],
        }
        for one in every(options.extensions_dir)
    ]
    return [*found, *_of_theme(options.theme_extension, shop)]


def _of_theme(folder: Path | None, shop: Shop) -> list[Record]:
    if folder is None or not (folder / "shopify.extension.toml").exists():
        return []
    named = tomllib.loads((folder / "shopify.extension.toml").read_text("utf-8"))["extensions"][0]
    off = [*shop.settings.get("storefront", {}).get("off", []), *shop.settings.get(OFF, [])]
    blocks = [_block(path, path.stem in off) for path in sorted((folder / "blocks").glob("*.liquid"))]
    return [{"handle": named["handle"], "type": "theme_app_extension", "activations": blocks}]


def _block(path: Path, off: bool) -> Record:
    """A block that is placed stands in the theme once."""
    found = _SCHEMA.search(path.read_text("utf-8"))
    schema = json.loads(found[1]) if found else {}
    placed = {"target": f"template--index/main/{path.stem}", "themeId": f"gid://shopify/OnlineStoreTheme/{THEME}"}
    return {
        "target": schema.get("target", "section"), "handle": path.stem, "name": schema.get("name", path.stem),
        "status": "available" if off else "active", "activations": [] if off else [placed],
    }  # fmt: skip
