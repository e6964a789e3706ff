"""A theme app extension as Shopify reads it: its blocks with their schema, rendered with the extension's own Liquid."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from liquid import BoundTemplate, CachingFileSystemLoader, Environment
from markupsafe import Markup, escape

from sandbox.storefront.liquid_filters import Texts, as_json, file_at, money_in

_SCHEMA = re.compile(r"{%-?\s*schema\s*-?%}(.*?){%-?\s*endschema\s*-?%}", re.DOTALL)
_APP_DATA = re.compile(r"{{\s*app\.metafields\.([\w-]+)\.([\w-]+)\s*}}")


@dataclass(frozen=True)
class Block:
    """One block: the Liquid before its schema, and the schema."""

    name: str
    source: str
    schema: Mapping[str, Any]

    @property
    def embed(self) -> bool:
        """Whether it is an app embed, which a merchant switches on for the whole theme."""
        return self.schema.get("target") != "section"

    @property
    def defaults(self) -> dict[str, Any]:
        """Its settings as they are before anybody touched them."""
        return {one["id"]: one.get("default") for one in self.schema.get("settings", ()) if "id" in one}

    def available(self, app: Mapping[str, Any]) -> bool:
        """Whether Shopify shows it at all: a block that names app data needs a true one."""
        named = _APP_DATA.fullmatch(str(self.schema.get("available_if", "")))
        if not named:
            return "available_if" not in self.schema
        found = app.get("metafields", {}).get(named[1], {}).get(named[2]) or {}
        return found.get("value") is True

    def belongs_on(self, template: str) -> bool:
        """Whether its schema allows it there."""
        on, off = self.schema.get("enabled_on"), self.schema.get("disabled_on")
        if on:
            return template in on.get("templates", ()) or "*" in on.get("templates", ())
        return not off or template not in off.get("templates", ())


class Extension:
    """The folder of an extension."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """Every block by the name of its file."""
        return {path.stem: _block(path) for path in sorted((self.folder / "blocks").glob("*.liquid"))}

    def environment(self, language: str, currency: str, files: str) -> Environment:
        """The Liquid of one visit: in a language, in a currency, with the address of the extension's files."""
        env = Environment(loader=CachingFileSystemLoader(self.folder / "snippets", ext=".liquid"), autoescape=False)
        texts = Texts(self.folder / "locales", language)
        env.add_filter("t", texts)
        env.add_filter("translate", texts)
        env.add_filter("money", money_in(currency, language))
        env.add_filter("asset_url", file_at(files))
        env.add_filter("json", as_json)
        return env

    def render(self, name: str, env: Environment, settings: Mapping[str, Any], **data: Any) -> Markup:
        """One block as Shopify puts it into a page; nothing where app data says that it is not available."""
        block = self.blocks[name]
        if not block.available(data.get("app", {})):
            return Markup("")
        shown = {"settings": block.defaults | dict(settings), "id": f"suki-{name}", "shopify_attributes": ""}
        body = _parsed(env, block.source).render(block=shown, **data)
        tag, of_block = block.schema.get("tag", "div"), block.schema.get("class", "")
        if block.embed:
            return Markup(f'<div id="shopify-block-{name}" class="shopify-block shopify-app-block">{body}</div>')
        classes = escape(f"shopify-block shopify-app-block {of_block}".strip())
        return Markup(f'<{tag} id="shopify-block-{name}" class="{classes}">{body}</{tag}>')

    def heads(self, names: list[str], files: str) -> Markup:
        """The scripts and styles of the blocks on a page, each once, as Shopify puts them into its head."""
        at = file_at(files)
        schemas = [self.blocks[name].schema for name in names]
        styles = dict.fromkeys(schema["stylesheet"] for schema in schemas if "stylesheet" in schema)
        scripts = dict.fromkeys(schema["javascript"] for schema in schemas if "javascript" in schema)
        lines = [f'<link rel="stylesheet" href="{at(one)}" media="all">' for one in styles]
        lines += [f'<script async src="{at(one)}"></script>' for one in scripts]
        return Markup("\n".join(lines))


@lru_cache(maxsize=64)
def _parsed(env: Environment, source: str) -> BoundTemplate:
    """A block's Liquid, parsed once for an environment."""
    return env.from_string(source)


def _block(path: Path) -> Block:
    source = path.read_text("utf-8")
    found = _SCHEMA.search(source)
    return Block(path.stem, _SCHEMA.sub("", source), json.loads(found[1]) if found else {})
