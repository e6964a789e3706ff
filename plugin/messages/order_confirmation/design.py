"""What an order's confirmation says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

ORDER = {"order": "order_name"}
EARNED = "earned > 0 and state != 'none'"
AFTER_PAYMENT = "earned > 0 and state == 'after_payment'"

HERO = DefaultBlock(
    "points",
    BlockType.POINTS,
    {
        "title": Text("order_confirmation.thanks", {"name": "first_name"}, "order_confirmation.thanks_nameless"),
        "body": Text("order_confirmation.confirmed", ORDER),
        "above": (
            Case("after_payment", AFTER_PAYMENT, Text("order_confirmation.you_will_earn")),
            Case("earned", EARNED, Text("order_confirmation.you_earned")),
        ),
        "figure": (Case("earned", EARNED, Verbatim("{{ earned }}")),),
        "below": (
            Case("after_payment", AFTER_PAYMENT, Text("order_confirmation.after_payment")),
            Case(
                "pending",
                "earned > 0 and state == 'pending' and usable_on != blank",
                Text("order_confirmation.usable_on", {"date": "usable_on"}),
            ),
            Case("later", "earned > 0 and state == 'pending'", Text("order_confirmation.usable_later")),
            Case("earned", EARNED, Text("order_confirmation.usable_now")),
        ),
        "why": (
            Case("earned", EARNED, None),
            Case("none", "why_none", Verbatim("{{ why_none }}")),
        ),
    },
)
GUEST = DefaultBlock(
    "guest",
    BlockType.TEXT,
    {"body": Text("order_confirmation.guest"), "button": Text("order_confirmation.guest_button")},
    align="center",
    shown=("guest", "earned > 0"),
    options={"link": "{{ account_url }}"},
)

DESIGN = DefaultDesign(
    subject=(
        Case(
            "after_payment",
            AFTER_PAYMENT,
            Text("order_confirmation.subject.after_payment", {"points": "earned", **ORDER}),
        ),
        Case("earned", EARNED, Text("order_confirmation.subject.earned", {"points": "earned", **ORDER})),
        Case("none", "", Text("order_confirmation.subject.none", ORDER)),
    ),
    preheader=(
        Case("code", "code", Text("order_confirmation.preheader.code", {"off": "code.off"})),
        Case("none", "", Text("order_confirmation.preheader.plain")),
    ),
    blocks=(
        HERO,
        DefaultBlock("code", BlockType.CODE),
        GUEST,
        DefaultBlock("balance", BlockType.BALANCE, shown=("guest == false",)),
        DefaultBlock(
            "in_reach",
            BlockType.REWARDS_IN_REACH,
            {"button": None},
            shown=("guest == false", "rewards_in_reach != blank", "rewards_url != blank"),
        ),
        DefaultBlock("lines", BlockType.ORDER_LINES),
        DefaultBlock("explain", BlockType.EXPLAIN),
        FOOTER,
    ),
    variables=(
        Variable("order_name", "#1001"),
        Variable("order_url", "https://example.com/orders/1001", blank=True, address=True),
        Variable("earned", "60 points"),
        Variable("usable_on", "May 3, 2027", blank=True),
        Variable("why_none", "Gift cards don't earn points.", blank=True),
        Variable("totals.total", "₱90.00"),
        Variable("code.value", "SUKI-7F3K", blank=True),
        Variable("code.off", "10%", blank=True),
        Variable("code.minimum", "₱500.00", blank=True),
        Variable("code.url", "https://example.com/discount/SUKI-7F3K", blank=True, address=True),
        Variable("code.until", "May 3, 2027", blank=True),
    ),
)
