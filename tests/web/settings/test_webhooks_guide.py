"""docs/extending/webhooks.md names every kind of event with what it says."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from plugin.rules.events import TYPES, EventKind
from plugin.rules.outgoing.bodies import NAMES

GUIDE = Path(__file__).parents[3] / "docs" / "extending" / "webhooks.md"


def test_the_guide_has_each_kind_with_its_fields() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| .* \| ([^|]*) \|$", GUIDE.read_text(), re.MULTILINE))
    said = {name: re.findall(r"`([a-z_]+)`", data) for name, data in rows.items()}
    assert said == {NAMES[kind]: [one.name for one in fields(TYPES[kind])] for kind in EventKind}
