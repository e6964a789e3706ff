"""What the email about a reward that came back says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text
from plugin.rules.emails.variables import Variable

REWARD = {"reward": "gift"}
POINTS = {"points": "points_back"}
WHY = (
    Case("expired", "expired", Text("reward_returned.expired", REWARD)),
    Case("cancelled", "", Text("reward_returned.taken_back", REWARD)),
)

DESIGN = DefaultDesign(
    subject=Text("reward_returned.subject", POINTS),
    preheader=WHY,
    blocks=(
        DefaultBlock(
            "back",
            BlockType.TEXT,
            {"title": Text("reward_returned.title", POINTS), "greeting": GREETING, "body": WHY},
            ground="primary",
            align="center",
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
    variables=(Variable("gift", "Free mug"), Variable("points_back", "300 points")),
)
