"""What the reminder of a checkout says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text
from plugin.rules.emails.variables import Variable

POINTS = {"points": "earned"}

DESIGN = DefaultDesign(
    subject=Text("cart_left.subject"),
    preheader=Text("cart_left.intro"),
    blocks=(
        DefaultBlock(
            "left",
            BlockType.TEXT,
            {
                "title": Text("cart_left.title"),
                "greeting": GREETING,
                "body": Text("cart_left.intro"),
                "button": Text("cart_left.button"),
            },
            ground="primary",
            align="center",
            options={"link": "{{ checkout_url }}"},
        ),
        DefaultBlock(
            "points",
            BlockType.TEXT,
            {
                "body": (
                    Case("exact", "how == 'exact'", Text("cart_left.points", POINTS)),
                    Case("about", "how == 'about'", Text("cart_left.points_about", POINTS)),
                    Case("up_to", "how == 'up_to'", Text("cart_left.points_up_to", POINTS)),
                )
            },
            align="center",
            shown=("how != ''",),
        ),
        DefaultBlock(
            "lines",
            BlockType.ORDER_LINES,
            {
                "title": Text("cart_left.lines"),
                "discount": None,
                "shipping": None,
                "tax": None,
                "tax_included": None,
                "total": None,
                "view": None,
            },
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        FOOTER,
    ),
    variables=(
        Variable("checkout_url", "https://example.com/checkouts/1", address=True),
        Variable("earned", "60 points"),
        Variable("totals.subtotal", "₱60.00", blank=True),
    ),
)
