"""What the thank-you for a first order says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import Text
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=Text("thank_you.subject"),
    preheader=Text("thank_you.intro"),
    blocks=(
        DefaultBlock(
            "thanks",
            BlockType.TEXT,
            {
                "title": Text("thank_you.title", {"name": "first_name"}, "thank_you.title_nameless"),
                "body": Text("thank_you.intro"),
            },
            ground="primary",
            align="center",
        ),
        DefaultBlock("code", BlockType.CODE),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock("ways", BlockType.WAYS_TO_EARN, {"button": None}),
        DefaultBlock(
            "rewards",
            BlockType.BUTTON,
            {"button": Text("blocks.rewards.button")},
            options={"link": "{{ rewards_url }}"},
        ),
        FOOTER,
    ),
    variables=(
        Variable("order_name", "#1001"),
        Variable("code.value", "SUKI-7F3K", blank=True),
        Variable("code.off", "10%", blank=True),
        Variable("code.minimum", "₱500.00", blank=True),
        Variable("code.until", "May 3, 2027", blank=True),
        Variable("code.url", "https://example.com/discount/SUKI-7F3K", blank=True, address=True),
    ),
)
