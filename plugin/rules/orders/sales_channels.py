"""The sales channels of Shopify's and others that orders name by the number of an app, as merchants call them.

An order's `source_name` is `web`, `pos`, or the id of the app that it came by. Shopify publishes no list of the ids:
these were seen in orders of shops, and are confirmed by what the apps call themselves there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "3890849": "Shop app",
    "2329312": "Facebook & Instagram",
    "1780363": "Google & YouTube",
    "4383523": "TikTok",
    "3009811": "Pinterest",
}
BY_KIND: Final = frozenset(
    ("", "web", "pos", "shopify_draft_order", "mobile_app", "iphone", "android", "580111", "129785")
)
"""What the kinds of channels (online store, POS, draft orders) name already."""


def name_of(source: str) -> str:
    """What a channel is called; as Shopify writes it where nobody knows better."""
    return NAMES.get(source, source)
