"""The rewards that the balance already pays for."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text, Verbatim

BLOCK = TypeDefaults(
    texts={
        "title": Text("blocks.rewards_in_reach.title"),
        "body": Verbatim("{{ rewards_in_reach }}"),
        "button": Text("blocks.rewards.button"),
    },
    shown=("rewards_in_reach != blank", "rewards_url != blank"),
    options={"link": "{{ rewards_url }}"},
)
