"""What members are given for nothing, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "given": "Given without points.",
}
SHOPPER = {
    "given": "You did not spend any points on it.",
}
HEADLINES: dict[str, str] = {}
