"""The nearest reward, and how far it is."""

from plugin.messages.blocks.balance.block import REWARD
from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "title": Text("blocks.next_reward.title"),
        "ready": Text("reward.ready", {"name": "reward.name"}),
        "missing": Text("reward.missing", REWARD),
        "button": Text("blocks.rewards.button"),
    },
    shown=("reward", "rewards_url != blank"),
    options={"link": "{{ rewards_url }}"},
)
