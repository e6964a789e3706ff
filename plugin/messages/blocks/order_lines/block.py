"""What was bought, line by line, and what it comes to."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "title": Text("order_confirmation.summary"),
        "quantity": Text("order_confirmation.quantity", {"quantity": "line.quantity"}),
        "more_lines": Text("order_confirmation.more_lines", {"count": "more_lines"}),
        "subtotal": Text("order_confirmation.subtotal"),
        "discount": Text("order_confirmation.discount"),
        "shipping": Text("order_confirmation.shipping"),
        "tax": Text("order_confirmation.tax"),
        "tax_included": Text("order_confirmation.tax_included"),
        "total": Text("order_confirmation.total"),
        "view": Text("order_confirmation.view_order"),
    },
)
