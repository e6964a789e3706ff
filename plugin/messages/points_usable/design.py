"""What the email about points that are no longer pending says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text, Verbatim
from plugin.rules.emails.variables import Variable

POINTS = {"points": "points"}

DESIGN = DefaultDesign(
    subject=Text("points_usable.subject", POINTS),
    preheader=Text("points_usable.intro", POINTS),
    blocks=(
        DefaultBlock(
            "points",
            BlockType.POINTS,
            {
                "title": Text("points_usable.title"),
                "greeting": GREETING,
                "body": Text("points_usable.intro", POINTS),
                "figure": Verbatim("{{ points }}"),
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
    variables=(Variable("points", "50 points"),),
)
