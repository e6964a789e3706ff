"""What the email about a guest's points says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text
from plugin.rules.emails.variables import Variable

WAITING = {"points": "waiting"}

DESIGN = DefaultDesign(
    subject=Text("claim.subject", WAITING),
    preheader=Text("claim.preheader"),
    blocks=(
        DefaultBlock(
            "waiting",
            BlockType.TEXT,
            {"lead": GREETING, "title": Text("claim.title", WAITING)},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "how",
            BlockType.TEXT,
            {"body": Text("claim.intro"), "button": Text("claim.button"), "note": Text("claim.not_you")},
            align="center",
            options={"link": "{{ link }}"},
        ),
        FOOTER,
    ),
    variables=(Variable("waiting", "120 points"), Variable("link", "https://example.com/account", address=True)),
)
