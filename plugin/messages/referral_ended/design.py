"""What the email about a referral without reward says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("referral_ended.subject"),
    preheader=Text("referral_ended.title"),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {
                "title": Text("referral_ended.title"),
                "greeting": GREETING,
                "body": (
                    Case("reversed", "ended == 'reversed'", Text("referral_ended.reversed")),
                    Case("refused", "", Text("referral_ended.refused")),
                ),
            },
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "next",
            BlockType.TEXT,
            {
                "body": Text("referral_ended.next"),
                "detail": (
                    Case("kept", "taken_back == false", None),
                    Case("points", "points > 0", Text("referral_ended.taken_back", {"points": "points"})),
                    Case("code", "", Text("referral_ended.code_back")),
                ),
                "button": VISIT,
            },
        ),
        FOOTER,
    ),
    variables=(Variable("points", "500 points"),),
)
