"""A file that is nobody's in particular: as somebody keeps it in a spreadsheet. What it means is guessed in general."""

from __future__ import annotations

from plugin.rules.imports.source import Source

SOURCE = Source("plain", "")
