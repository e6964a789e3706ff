"""What the email about points that expired says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Text, Verbatim
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("points_expired.subject", {"points": "expired"}),
    preheader=Text("points_expired.preheader", {"date": "last_day"}),
    blocks=(
        DefaultBlock(
            "expired",
            BlockType.POINTS,
            {
                "title": Text("points_expired.title"),
                "greeting": GREETING,
                "body": Text("points_expired.intro", {"date": "last_day"}),
                "figure": Verbatim("{{ expired }}"),
            },
        ),
        DefaultBlock("how", BlockType.TEXT, {"body": Text("points_expired.how"), "button": VISIT}, align="center"),
        DefaultBlock("balance", BlockType.BALANCE),
        FOOTER,
    ),
    variables=(Variable("expired", "120 points"), Variable("last_day", "May 3, 2027")),
)
