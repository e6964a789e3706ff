"""How the points of an order came about."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(texts={"title": Text("order_confirmation.how_counted")}, shown=("explain.size > 0",))
