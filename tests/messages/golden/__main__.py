"""Write the golden emails anew, after a change that is meant: read the difference before you commit.

python -m tests.messages.golden
"""

from __future__ import annotations

from plugin.rules.message_kinds import MessageKind
from tests.messages.golden import GOLDEN, said

for old in GOLDEN.glob("*.txt"):
    old.unlink()
for kind in MessageKind:
    (GOLDEN / f"{kind}.txt").write_text(said(kind), encoding="utf-8")
