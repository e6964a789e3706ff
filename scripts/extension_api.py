"""What the extensions know of the app's answers: `python scripts/extension_api.py write|check`.

write   writes extensions/shared/api.d.ts from the shapes of the shopper API
check   says whether it is what the shapes say
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from pydantic.json_schema import models_json_schema

from plugin.web.shopper import api
from plugin.web.shopper.api import values

ROOT = Path(__file__).resolve().parents[1]
TYPES = ROOT / "extensions" / "shared" / "api.d.ts"
GENERATE = ROOT / "scripts" / "extensions" / "api.mjs"


def document() -> dict[str, Any]:
    """The shapes as an OpenAPI document without paths."""
    models = {
        name: each
        for module in _modules()
        for name, each in vars(module).items()
        if isinstance(each, type) and issubclass(each, values.Shape) and each is not values.Shape
    }
    _, schema = models_json_schema(
        [(each, "validation") for _, each in sorted(models.items())], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shopper API", "version": "1"},
        "paths": {},
        "components": {"schemas": schema["$defs"]},
    }


def _modules() -> list[ModuleType]:
    """Those that shapes are written in."""
    names = [each.name for each in iter_modules(api.__path__)]
    return [import_module(f"{api.__name__}.{name}") for name in names if name.endswith("shapes") or name == "values"]


def types() -> str:
    """The TypeScript types of the document. CalledProcessError where Node or its packages are missing."""
    done = subprocess.run(
        ["node", str(GENERATE)], input=json.dumps(document()), capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def main(command: str) -> int:
    """Carry out one command; answers what the shell is told."""
    fresh = types()
    if command == "write":
        TYPES.write_text(fresh, encoding="utf-8")
        return 0
    if TYPES.read_text(encoding="utf-8") == fresh:
        return 0
    print("extensions/shared/api.d.ts is not what the shapes say: python scripts/extension_api.py write")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
