"""What the email with a referral's reward says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("referral_paid.subject"),
    preheader=Text("referral_paid.intro"),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("referral_paid.title"), "greeting": GREETING, "body": Text("referral_paid.intro")},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "reward",
            BlockType.TEXT,
            {
                "body": (
                    Case("points", "points > 0", Text("referral_paid.points", {"points": "points"})),
                    Case("code", "", Text("referral_paid.code", {"code": "code.value"})),
                ),
                "button": VISIT,
            },
        ),
        FOOTER,
    ),
    variables=(Variable("points", "500 points"), Variable("code.value", "FRIEND-7F3K", blank=True)),
)
