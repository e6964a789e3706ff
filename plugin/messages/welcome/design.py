"""What the welcome says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import Text, Verbatim
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("welcome.subject", {"points": "earned"}),
    preheader=Text("welcome.preheader"),
    blocks=(
        DefaultBlock(
            "earned",
            BlockType.POINTS,
            {
                "title": Text("welcome.title", {"name": "first_name"}, "welcome.title_nameless"),
                "body": Text("welcome.intro"),
                "figure": Verbatim("{{ earned }}"),
            },
        ),
        DefaultBlock(
            "how", BlockType.TEXT, {"body": Text("welcome.how"), "button": Text("welcome.button")}, align="center"
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        FOOTER,
    ),
    variables=(Variable("earned", "100 points"),),
)
