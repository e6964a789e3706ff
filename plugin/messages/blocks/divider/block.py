"""A line between two blocks."""

from plugin.rules.emails.default_design import TypeDefaults

BLOCK = TypeDefaults()
