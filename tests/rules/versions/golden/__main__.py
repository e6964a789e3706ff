"""Write the golden files anew, after a change of the programme that is meant: read the difference before you commit.

python -m tests.rules.versions.golden
"""

from __future__ import annotations

from tests.rules.versions.golden import GOLDEN, as_text, files

for name, content in files().items():
    (GOLDEN / name).write_text(as_text(content), encoding="utf-8")
