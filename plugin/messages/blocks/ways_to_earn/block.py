"""What brings points, as the shop's page says it."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={"title": Text("blocks.ways_to_earn.title"), "button": Text("blocks.rewards.button")},
    shown=("ways_to_earn.size > 0", "rewards_url != blank"),
    options={"link": "{{ rewards_url }}"},
)
