"""What the extensions know of the app's answers: `python scripts/extension_api.py write|check`.

write   writes extensions/shared/api.d.ts from the description of the shopper API
check   says whether it is what the description says
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from plugin.web.shopper.api import description

ROOT = Path(__file__).resolve().parents[1]
TYPES = ROOT / "extensions" / "shared" / "api.d.ts"
GENERATE = ROOT / "scripts" / "extensions" / "api.mjs"


def document() -> dict[str, Any]:
    """The description without its paths: extensions ask by their own `ask`, and need the shapes only."""
    return {**description.document(), "paths": {}}


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
    print("extensions/shared/api.d.ts is not what the API says: python scripts/extension_api.py write")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
