"""The form by which staff say how the shop's emails look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from plugin.rules.brand import Brand


def read(form: Mapping[str, str]) -> Brand:
    """The brand that the form describes; BadInput names every field that is wrong."""
    return Brand(**{field.name: form.get(field.name, "").strip() for field in fields(Brand)})
