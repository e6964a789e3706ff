"""What the email about a friend's order says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("referral_ordered.subject"),
    preheader=Text("referral_ordered.intro"),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {
                "title": Text("referral_ordered.title"),
                "greeting": GREETING,
                "body": Text("referral_ordered.intro"),
            },
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "reward",
            BlockType.TEXT,
            {
                "body": (
                    Case("points", "points > 0", Text("referral_ordered.points", {"points": "points"})),
                    Case("code", "", Text("referral_ordered.code")),
                ),
                "detail": (Case("due", "due_on != blank", Text("referral_ordered.due", {"date": "due_on"})),),
                "button": VISIT,
            },
        ),
        FOOTER,
    ),
    variables=(Variable("points", "500 points"), Variable("due_on", "May 3, 2027", blank=True)),
)
