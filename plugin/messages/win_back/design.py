"""What a win-back says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text

POINTS = {"points": "balance"}
WORD = (
    Case("again", "again and balance > 0", Text("win_back.again", POINTS)),
    Case("first", "", Text("win_back.intro")),
)

DESIGN = DefaultDesign(
    subject=(
        Case("again", "again and balance > 0", Text("win_back.subject_again", POINTS)),
        Case("first", "", Text("win_back.subject")),
    ),
    preheader=WORD,
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("win_back.title"), "greeting": GREETING, "body": WORD, "button": VISIT},
            ground="primary",
            align="center",
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock("rewards", BlockType.REWARDS_IN_REACH, {"button": None}),
        FOOTER,
    ),
    variables=(),
)
