"""The programme's limits and defaults, to the letter, as files beside this one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plugin.rules.programme import Programme
from plugin.rules.referrals.judging import WEIGHTS
from plugin.rules.tiers.tier_rules import PRESETS

GOLDEN = Path(__file__).parent
TELL = "\nIf this is meant: python -m tests.rules.versions.golden"


def files() -> dict[str, dict[str, Any]]:
    """What the golden files hold."""
    return {
        "programme.json": Programme().model_dump(mode="json"),
        "schema.json": _fields(_bare(Programme.model_json_schema())),
        "weights.json": dict(WEIGHTS),
        "tiers.json": {name: tiers.model_dump(mode="json") for name, tiers in PRESETS.items()},
    }


def as_text(content: dict[str, Any]) -> str:
    """As it is written: a line for each entry, sorted, so that a difference is small."""
    lines = (f'"{key}": {json.dumps(content[key], sort_keys=True, ensure_ascii=False)}' for key in sorted(content))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    """What each field of each model takes, its default, and what must be there."""
    found: dict[str, Any] = {}
    for model, described in {**schema["$defs"], "Programme": schema}.items():
        found[model] = {key: part for key, part in described.items() if key not in ("properties", "$defs")}
        for field, said in described.get("properties", {}).items():
            found[f"{model}.{field}"] = said
    return found


def _bare(schema: Any) -> Any:
    """Without words."""
    if isinstance(schema, dict):
        words = {"title", "description"}
        return {key: _bare(part) for key, part in schema.items() if key not in words or isinstance(part, dict)}
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema
