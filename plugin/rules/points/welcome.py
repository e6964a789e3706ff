"""Welcome points: the kind of their entry, and what it is about; both are called the same."""

from __future__ import annotations

from typing import Final

WELCOME: Final = "welcome"
