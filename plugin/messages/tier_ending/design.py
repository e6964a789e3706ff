"""What the warning of a tier's end says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text
from plugin.rules.emails.variables import Variable

WARNING = {"tier": "tier", "date": "last_day"}
KEEP = {"date": "keep_by", "tier": "tier"}

DESIGN = DefaultDesign(
    subject=Text("tier_ending.subject", WARNING),
    blocks=(
        DefaultBlock(
            "ending",
            BlockType.TEXT,
            {
                "lead": GREETING,
                "title": Text("tier_ending.warning", WARNING),
                "body": (
                    Case("none", "missing == blank", None),
                    Case("orders", "metric == 'orders'", Text("tier_ending.keep_orders", {"count": "count", **KEEP})),
                    Case(
                        "points", "metric == 'points'", Text("tier_ending.keep_points", {"missing": "missing", **KEEP})
                    ),
                    Case("spend", "", Text("tier_ending.keep_spend", {"missing": "missing", **KEEP})),
                ),
                "button": VISIT,
            },
        ),
        FOOTER,
    ),
    variables=(
        Variable("last_day", "May 3, 2027"),
        Variable("keep_by", "May 3, 2027", blank=True),
        Variable("missing", "₱800.00", blank=True),
        Variable("count", "2"),
    ),
)
