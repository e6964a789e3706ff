"""Who sends this and why, and how to get no more of it."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "body": Text("common.sent_by"),
        "visit": Text("common.visit_shop"),
        "rewards": Text("blocks.rewards.button"),
        "preferences": Text("footer.preferences"),
        "unsubscribe": Text("footer.unsubscribe"),
    },
)
