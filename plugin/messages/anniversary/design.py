"""What the email on the day of joining says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text
from plugin.rules.emails.variables import Variable

SINCE = {"year": "year", "points": "points"}

DESIGN = DefaultDesign(
    subject=Text("anniversary.subject"),
    preheader=Text("anniversary.intro", SINCE),
    blocks=(
        DefaultBlock(
            "points",
            BlockType.POINTS,
            {
                "title": Text("anniversary.title"),
                "greeting": GREETING,
                "body": Text("anniversary.intro", SINCE),
                "figure": Text("points.gained", {"points": "points"}),
            },
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock(
            "rewards",
            BlockType.BUTTON,
            {"button": Text("blocks.rewards.button")},
            options={"link": "{{ rewards_url }}"},
        ),
        FOOTER,
    ),
    variables=(
        Variable("points", "50 points"),
        Variable("year", "2025"),
    ),
)
