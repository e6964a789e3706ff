"""How what concerns an earlier reading of the payloads is called."""

from __future__ import annotations

from typing import Final

MARK: Final = "read_again"
"""In a shop's settings: how far its orders have been read again."""
