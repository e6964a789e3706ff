"""What the monthly statement says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text
from plugin.rules.emails.variables import Variable

MONTH = {"month": "month"}

DESIGN = DefaultDesign(
    subject=Text("statement.subject", MONTH),
    preheader=Text("statement.balance", {"points": "balance"}),
    blocks=(
        DefaultBlock(
            "month",
            BlockType.TEXT,
            {
                "lead": GREETING,
                "title": Text("statement.title", MONTH),
                "body": (
                    Case("earned", "earned > 0", Text("statement.earned", {"points": "earned"})),
                    Case("none", "", Text("statement.none")),
                ),
                "more": (Case("used", "used > 0", Text("statement.used", {"points": "used"})),),
                "last": (Case("expired", "expired > 0", Text("statement.expired", {"points": "expired"})),),
                "note": (Case("back", "taken_back > 0", Text("statement.taken_back", {"points": "taken_back"})),),
            },
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock("tier", BlockType.TIER, {"brings": None, "multiplier": None, "until": None}),
        DefaultBlock("ways", BlockType.WAYS_TO_EARN, {"button": None}),
        DefaultBlock(
            "rewards",
            BlockType.BUTTON,
            {"button": Text("blocks.rewards.button")},
            options={"link": "{{ rewards_url }}"},
        ),
        FOOTER,
    ),
    variables=(
        Variable("month", "November 2026"),
        Variable("earned", "240 points"),
        Variable("used", "100 points"),
        Variable("expired", "20 points"),
        Variable("taken_back", "10 points"),
    ),
)
