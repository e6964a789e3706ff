"""The programme's limits, defaults and the words of its fields, to the letter, as files beside this one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from plugin.rules.programme import Programme
from plugin.rules.referrals.judging import WEIGHTS
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.rules.versions import programme_presets
from plugin.rules.words.programme import COMMON, FIELDS, PARTS, VALUES

GOLDEN = Path(__file__).parent
TELL = "\nIf this is meant: python -m tests.rules.versions.golden"


def files() -> dict[str, dict[str, Any]]:
    """What the golden files hold."""
    return {
        "programme.json": Programme().model_dump(mode="json"),
        "schema.json": _fields(),
        "weights.json": dict(WEIGHTS),
        "presets.json": {
            f"{key} in units of {unit}": _numbers(preset.parts(Decimal(unit), "USD"))
            for key, preset in programme_presets.PRESETS.items()
            for unit in (1, 50)
        },
        "tiers.json": {name: tiers.model_dump(mode="json") for name, tiers in PRESETS.items()},
        "words.json": {
            f"{what}: {where}": said
            for what, by_place in (("part", PARTS), ("common", COMMON), ("field", FIELDS), ("choices", VALUES))
            for where, said in by_place.items()
        },
    }


def as_text(content: dict[str, Any]) -> str:
    """As it is written: a line for each entry, sorted, so that a difference is small."""
    lines = (
        f'"{key}": {json.dumps(_settled(content[key]), sort_keys=True, ensure_ascii=False)}' for key in sorted(content)
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _numbers(part: Any) -> Any:
    """Of values, models and lists of them: everything but the words."""
    if isinstance(part, BaseModel):
        return _numbers(part.model_dump(mode="json"))
    if isinstance(part, Mapping):
        return {key: _numbers(value) for key, value in part.items() if key not in ("name", "details", "perks")}
    return [_numbers(each) for each in part] if isinstance(part, (list, tuple)) else part


def _settled(part: Any) -> Any:
    """Words of a list in their order: those of a set come in another one in each process."""
    if isinstance(part, Mapping):
        return {key: _settled(value) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        settled = [_settled(each) for each in part]
        return sorted(settled) if all(isinstance(each, str) for each in settled) else settled
    return part


def models() -> dict[str, type[BaseModel]]:
    """Every model of which a programme is made, by the way that leads to it: renaming a class changes nothing."""
    found: dict[str, type[BaseModel]] = {}

    def visit(kind: Any, way: str) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            said = kind.model_fields.get("kind")
            way += f"[{said.default}]" if said else ""
            found[way] = kind
            for name, field in kind.model_fields.items():
                visit(field.annotation, f"{way}.{name}".lstrip("."))
        for part in get_args(kind):
            visit(part, way)

    visit(Programme, "")
    return found


def _fields() -> dict[str, Any]:
    """What each field of each model takes, and its default; and of each model which must be there."""
    found: dict[str, Any] = {}
    for way, model in models().items():
        described = _bare(model.model_json_schema())
        found[way] = {key: part for key, part in described.items() if key not in ("properties", "$defs")}
        for field, said in described.get("properties", {}).items():
            found[f"{way}.{field}".lstrip(".")] = said
    return found


def _bare(schema: Any) -> Any:
    """Without words, and without the names of classes."""
    if isinstance(schema, dict):
        left_out = {"title", "description", "$ref", "discriminator"}
        return {key: _bare(part) for key, part in schema.items() if key not in left_out or key == "properties"}
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema
