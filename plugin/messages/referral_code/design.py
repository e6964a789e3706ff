"""What the email with a friend's code says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text
from plugin.rules.emails.variables import Variable

INTRO = Text("referral_code.intro", {"name": "advocate"}, "referral_code.intro_nameless")

DESIGN = DefaultDesign(
    subject=Text("referral_code.subject"),
    preheader=INTRO,
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("referral_code.title"), "greeting": GREETING, "body": INTRO},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "code",
            BlockType.CODE,
            {
                "title": None,
                "saving": (
                    Case("amount", "code.off != blank", Text("code.saving", {"off": "code.off"})),
                    Case("shipping", "", Text("referral_code.shipping")),
                ),
                "more": Text("referral_code.same_address"),
            },
        ),
        FOOTER,
    ),
    variables=(
        Variable("advocate", "Maria", blank=True),
        Variable("code.value", "FRIEND-7F3K"),
        Variable("code.off", "10%", blank=True),
        Variable("code.minimum", "₱500.00", blank=True),
        Variable("code.until", "May 3, 2027", blank=True),
        Variable("code.url", "https://example.com/discount/FRIEND-7F3K", address=True),
    ),
)
