"""What emails leave to Retention: a slot that nothing fills yet keeps a way of sending off, and says so."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Slot(StrEnum):
    """Mailings to a segment, win-backs by the member's own rhythm, recommended products. The words are
    `messages.slot.<name>` (what waits) and `messages.slot.<name>_needs` (for what)."""

    SEGMENTS = "segments"
    RHYTHM = "rhythm"
    RECOMMENDATIONS = "recommendations"


FILLED: Final[frozenset[Slot]] = frozenset()
"""The slots that something fills."""
EMPTY: Final = tuple(slot for slot in Slot if slot not in FILLED)
