"""A picture of the merchant's."""

from plugin.rules.emails.default_design import TypeDefaults

BLOCK = TypeDefaults()
