"""What the email with a late code says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text
from plugin.rules.emails.variables import Variable

ORDER = {"order": "order_name"}

DESIGN = DefaultDesign(
    subject=Text("code_ready.subject", {"off": "code.off"}),
    preheader=Text("code_ready.preheader", ORDER),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("code_ready.title"), "greeting": GREETING, "body": Text("code_ready.intro", ORDER)},
            ground="primary",
            align="center",
        ),
        DefaultBlock("code", BlockType.CODE),
        FOOTER,
    ),
    variables=(
        Variable("order_name", "#1001"),
        Variable("code.value", "SUKI-7F3K"),
        Variable("code.off", "10%"),
        Variable("code.minimum", "₱500.00", blank=True),
        Variable("code.until", "May 3, 2027", blank=True),
        Variable("code.url", "https://example.com/discount/SUKI-7F3K", address=True),
    ),
)
