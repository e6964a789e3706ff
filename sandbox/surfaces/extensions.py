"""The app's UI extensions as they lie in a folder: their targets, settings, texts, and the bundles built of them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sandbox.state import Record

DIST = "dist"


@dataclass(frozen=True)
class Extension:
    """One folder with a shopify.extension.toml and its bundles in dist/, which built.json lists."""

    folder: Path
    handle: str
    name: str
    targets: tuple[Record, ...]
    fields: tuple[Record, ...]
    capabilities: Record

    def label(self, locale: str) -> str:
        """What it is called in a language: `t:key` is looked up in its texts."""
        if not self.name.startswith("t:"):
            return self.name
        texts = self.locales.get(locale) or self.locales.get(locale.split("-")[0]) or self.locales.get("default") or {}
        found: Any = texts
        for step in self.name[2:].split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return found if isinstance(found, str) else self.handle

    @cached_property
    def built(self) -> Record:
        """What was built of it; empty where nothing was."""
        listing = self.folder / DIST / "built.json"
        found: Record = json.loads(listing.read_text("utf-8")) if listing.exists() else {}
        return found

    @cached_property
    def locales(self) -> dict[str, Record]:
        """Its texts by language, the default one under its own language as well as under `default`."""
        found: dict[str, Record] = {}
        for path in sorted((self.folder / "locales").glob("*.json")):
            language, *rest = path.stem.split(".")
            found[language] = json.loads(path.read_text("utf-8"))
            if rest == ["default"]:
                found["default"] = found[language]
        return found

    def serves(self, target: str) -> bool:
        """Whether it is declared for the target and built."""
        return bool(self._file(target)) and any(one["target"] == target for one in self.targets)

    def _file(self, target: str) -> str:
        return next((str(one["file"]) for one in self.built.get("files", []) if target in one["targets"]), "")

    def script(self, target: str, app_url: str) -> str:
        """The bundle that serves a target, with the app where it is now; empty where there is none."""
        file = self._file(target)
        if not file:
            return ""
        text = (self.folder / DIST / file).read_text("utf-8")
        return text.replace(self.built["app_url"], app_url.rstrip("/")) if self.built.get("app_url") else text

    def condition(self, target: str) -> str:
        """The target of the module that says whether this one is shown; empty where it always is."""
        asked = target.removesuffix(".render") + ".should-render"
        return asked if self._file(asked) else ""


def _toml(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "shopify.extension.toml").read_text("utf-8"))


def read(folder: Path) -> Extension | None:
    """The UI extension in a folder; None where there is another kind of extension, or none."""
    if not (folder / "shopify.extension.toml").exists():
        return None
    first = (_toml(folder).get("extensions") or [{}])[0]
    if first.get("type") != "ui_extension":
        return None
    fields = (first.get("settings") or {}).get("fields") or []
    return Extension(
        folder, str(first["handle"]), str(first.get("name") or first["handle"]),
        tuple(first.get("targeting") or []), tuple(fields),
        dict(first.get("capabilities") or {}),
    )  # fmt: skip


def every(folder: Path | None) -> list[Extension]:
    """All UI extensions below a folder that were built, by handle."""
    if folder is None or not folder.is_dir():
        return []
    found = [read(one) for one in sorted(folder.iterdir()) if one.is_dir()]
    return [one for one in found if one and one.built]


def serving(folder: Path | None, target: str) -> list[Extension]:
    """Those that have something to show at a target."""
    return [one for one in every(folder) if one.serves(target)]
