"""What the news of a reward that staff fulfil says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

REWARD = {"reward": "reward_name"}
NEWS = (
    Case("cancelled", "cancelled", Text("reward_done.cancelled", REWARD)),
    Case("done", "", Text("reward_done.done", REWARD)),
)

DESIGN = DefaultDesign(
    subject=(
        Case("cancelled", "cancelled", Text("reward_done.subject.cancelled", REWARD)),
        Case("done", "", Text("reward_done.subject.done", REWARD)),
    ),
    preheader=NEWS,
    blocks=(
        DefaultBlock(
            "reward",
            BlockType.TEXT,
            {"lead": GREETING, "title": Verbatim("{{ reward_name }}")},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "news",
            BlockType.TEXT,
            {
                "body": NEWS,
                "more": (Case("told", "told != blank", Verbatim("{{ told }}")),),
                "last": (Case("back", "points_back > 0", Text("reward_done.back", {"points": "points_back"})),),
                "button": Text("welcome.button"),
            },
        ),
        FOOTER,
    ),
    variables=(
        Variable("reward_name", "Coffee tasting"),
        Variable("told", "See you on Saturday at 10.", blank=True),
        Variable("points_back", "50 points"),
    ),
)
