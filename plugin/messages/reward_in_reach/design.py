"""What the email about a reward in reach says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text
from plugin.rules.emails.variables import Variable

REWARD = {"reward": "gift"}

DESIGN = DefaultDesign(
    subject=Text("reward_in_reach.subject", REWARD),
    preheader=Text("reward_in_reach.intro"),
    blocks=(
        DefaultBlock(
            "reward",
            BlockType.TEXT,
            {
                "title": Text("reward_in_reach.title", REWARD),
                "greeting": GREETING,
                "body": Text("reward_in_reach.intro"),
                "button": Text("blocks.rewards.button"),
            },
            ground="primary",
            align="center",
            options={"link": "{{ rewards_url }}"},
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock(
            "rewards",
            BlockType.REWARDS_IN_REACH,
            {"button": None},
            shown=("rewards_in_reach != blank", "rewards_in_reach != gift", "rewards_url != blank"),
        ),
        FOOTER,
    ),
    variables=(Variable("gift", "Free mug"),),
)
