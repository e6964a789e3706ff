"""What the email about points for an activity says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text
from plugin.rules.emails.variables import Variable

POINTS = {"points": "points"}
ACTIVITY = {"activity": "activity"}

DESIGN = DefaultDesign(
    subject=Text("activity_done.subject", POINTS),
    preheader=Text("activity_done.intro", ACTIVITY),
    blocks=(
        DefaultBlock(
            "points",
            BlockType.POINTS,
            {
                "title": Text("activity_done.title", POINTS),
                "greeting": GREETING,
                "body": Text("activity_done.intro", ACTIVITY),
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
        Variable("activity", "Follow us on Instagram"),
    ),
)
