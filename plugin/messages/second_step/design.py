"""What the email with a confirming link says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text
from plugin.rules.emails.variables import Variable
from plugin.rules.members.second_step import VALID_FOR

INTRO = (
    Case("data", "purpose == 'data'", Text("second_step.data")),
    Case("leave", "purpose == 'leave'", Text("second_step.leave")),
    Case("code", "", Text("second_step.code")),
)

DESIGN = DefaultDesign(
    subject=Text("second_step.subject"),
    preheader=INTRO,
    blocks=(
        DefaultBlock(
            "confirm",
            BlockType.TEXT,
            {"lead": GREETING, "title": Text("second_step.title")},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "link",
            BlockType.TEXT,
            {
                "body": INTRO,
                "button": Text("second_step.button"),
                "note": Text("second_step.time", {"count": "minutes"}),
                "after": Text("second_step.not_you"),
            },
            align="center",
            options={"link": "{{ link }}"},
        ),
        FOOTER,
    ),
    variables=(
        Variable("minutes", str(int(VALID_FOR.total_seconds() // 60))),
        Variable("link", "https://example.com/apps/suki/step/7/0123456789abcdef", address=True),
    ),
)
