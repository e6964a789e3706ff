"""A figure in big letters: what came in, or what is there."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text, Verbatim

BLOCK = TypeDefaults(texts={"title": Text("balance.title"), "figure": Verbatim("{{ balance }}")})
