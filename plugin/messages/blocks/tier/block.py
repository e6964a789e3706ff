"""The member's tier, what it brings, and what the next one asks for."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "title": Text("blocks.tier.title", {"tier": "tier"}),
        "brings": Text("tier_reached.brings"),
        "multiplier": Text("tier_reached.multiplier", {"multiplier": "multiplier"}),
        "until": Text("tier_reached.until", {"date": "last_day", "tier": "tier"}),
        "next": Text("blocks.tier.next", {"missing": "tier_missing", "tier": "next_tier"}),
    },
    shown=("tier != blank",),
    options={"link": "{{ shop_url }}"},
)
