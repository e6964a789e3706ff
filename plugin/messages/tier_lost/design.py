"""What the email about a tier that was lost says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text
from plugin.rules.emails.variables import Variable

TIER = {"tier": "tier"}
REACH = {"tier": "reach"}

DESIGN = DefaultDesign(
    subject=Text("tier_lost.subject", TIER),
    blocks=(
        DefaultBlock(
            "lost",
            BlockType.TEXT,
            {
                "lead": GREETING,
                "title": Text("tier_lost.title", TIER),
                "body": (
                    Case("refunded", "refunded", Text("tier_lost.refunded")),
                    Case("none", "", None),
                ),
                "more": (
                    Case("now_in", "next_tier != blank", Text("tier_lost.next", {"tier": "next_tier"})),
                    Case("none", "", None),
                ),
                "last": (
                    Case("none", "missing == blank", None),
                    Case("orders", "metric == 'orders'", Text("tier_lost.reach_orders", {"count": "count", **REACH})),
                    Case(
                        "points", "metric == 'points'", Text("tier_lost.reach_points", {"missing": "missing", **REACH})
                    ),
                    Case("spend", "", Text("tier_lost.reach_spend", {"missing": "missing", **REACH})),
                ),
                "button": VISIT,
            },
        ),
        FOOTER,
    ),
    variables=(
        Variable("reach", "Gold", blank=True),
        Variable("missing", "₱800.00", blank=True),
        Variable("count", "2"),
    ),
)
