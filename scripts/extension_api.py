"""What the extensions know of the app's answers: `python scripts/extension_api.py write|check`.

write   writes extensions/shared/api.d.ts from the OpenAPI document of the shopper API
check   says whether it is what the document says
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from plugin.web.shopper.api import description

ROOT = Path(__file__).resolve().parents[1]
TYPES = ROOT / "extensions" / "shared" / "api.d.ts"
GENERATE = ROOT / "scripts" / "extensions" / "api.mjs"


def types() -> str:
    """The TypeScript types of the document's shapes. CalledProcessError where Node or its packages are missing."""
    done = subprocess.run(
        ["node", str(GENERATE)],
        input=json.dumps({**description.document(), "paths": {}}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
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
