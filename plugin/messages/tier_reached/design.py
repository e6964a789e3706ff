"""What the email about a tier that was reached says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text
from plugin.rules.emails.variables import Variable

TIER = {"tier": "tier"}

DESIGN = DefaultDesign(
    subject=Text("tier_reached.subject", TIER),
    preheader=Text("tier_reached.intro", TIER),
    blocks=(
        DefaultBlock(
            "reached",
            BlockType.TEXT,
            {"lead": GREETING, "title": Text("tier_reached.title", TIER)},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "tier",
            BlockType.TIER,
            {"title": None, "body": Text("tier_reached.intro", TIER), "next": None, "button": Text("welcome.button")},
        ),
        FOOTER,
    ),
    variables=(
        Variable("multiplier", "1.5", blank=True),
        Variable("last_day", "May 3, 2027", blank=True),
    ),
)
