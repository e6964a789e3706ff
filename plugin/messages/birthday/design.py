"""What the email on a birthday says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import Text
from plugin.rules.emails.variables import Variable

POINTS = {"points": "points"}

DESIGN = DefaultDesign(
    subject=Text("birthday.subject"),
    preheader=Text("birthday.intro", POINTS),
    blocks=(
        DefaultBlock(
            "points",
            BlockType.POINTS,
            {
                "title": Text("birthday.title", {"name": "first_name"}, "birthday.title_nameless"),
                "body": Text("birthday.intro", POINTS),
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
    variables=(Variable("points", "50 points"),),
)
