"""What the member has, what is pending, and how near the next reward is."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text, Verbatim

REWARD = {"points": "reward.missing", "name": "reward.name"}

BLOCK = TypeDefaults(
    texts={
        "title": Text("balance.title"),
        "figure": Verbatim("{{ balance }}"),
        "pending": Text("balance.pending", {"points": "pending"}),
        "ready": Text("reward.ready", {"name": "reward.name"}),
        "missing": Text("reward.missing", REWARD),
    },
)
