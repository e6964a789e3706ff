"""What the warning of points that expire says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text, Verbatim
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("points_expiring.subject", {"points": "expiring", "date": "last_day"}),
    preheader=Text("points_expiring.preheader", {"date": "last_day"}),
    blocks=(
        DefaultBlock(
            "expiring",
            BlockType.POINTS,
            {
                "title": Text("points_expiring.title"),
                "greeting": GREETING,
                "body": Text("points_expiring.intro", {"date": "last_day"}),
                "figure": Verbatim("{{ expiring }}"),
            },
        ),
        DefaultBlock(
            "how",
            BlockType.TEXT,
            {"body": Text("points_expiring.how"), "button": Text("points_expiring.button")},
            align="center",
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        FOOTER,
    ),
    variables=(Variable("expiring", "120 points"), Variable("last_day", "May 3, 2027")),
)
