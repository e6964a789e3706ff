"""The numbers that a kind of email leaves to the shop: how long it waits, after how many days it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WAIT: Final = "wait_minutes"
"""The figure of every kind that waits after what happened."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One whole number: what it is usually, and within which bounds a shop may set it. The unit is in the name; the
    words are `emails.figure.<kind>.<name>`."""

    name: str
    usual: int
    least: int = 0
    most: int = 730
