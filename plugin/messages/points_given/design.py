"""What the email about points from staff says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

POINTS = {"points": "points"}

DESIGN = DefaultDesign(
    subject=Text("points_given.subject", POINTS),
    preheader=Text("points_given.intro", POINTS),
    blocks=(
        DefaultBlock(
            "points",
            BlockType.POINTS,
            {
                "title": Text("points_given.title"),
                "greeting": GREETING,
                "body": Text("points_given.intro", POINTS),
                "figure": Text("points.gained", {"points": "points"}),
                "why": (Case("told", "told != blank", Verbatim("{{ told }}")),),
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
        Variable("told", "Sorry for the late parcel.", blank=True),
    ),
)
