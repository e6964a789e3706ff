"""What the email about points that were taken back says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("points_taken_back.subject", {"points": "taken"}),
    preheader=Text("points_taken_back.preheader"),
    blocks=(
        DefaultBlock(
            "taken",
            BlockType.POINTS,
            {
                "title": Text("points_taken_back.title"),
                "greeting": GREETING,
                "body": (
                    Case("staff", "by_staff", None),
                    Case("lost", "", Text("points_taken_back.intro")),
                ),
                "figure": Verbatim("{{ taken }}"),
                "below": (
                    Case("owed", "owed > 0", Text("points_taken_back.owed", {"points": "owed"})),
                    Case("none", "", None),
                ),
            },
        ),
        DefaultBlock("why", BlockType.EXPLAIN, {"title": Text("points_taken_back.why")}),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock("visit", BlockType.BUTTON, {"button": VISIT}, options={"link": "{{ shop_url }}"}),
        FOOTER,
    ),
    variables=(Variable("taken", "50 points"), Variable("owed", "20 points")),
)
