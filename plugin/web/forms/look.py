"""The form by which staff say how the storefront's widgets look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from plugin.rules.look import Look


def read(form: Mapping[str, str]) -> Look:
    """The look that the form describes; BadInput names every field that is wrong."""
    given = {field.name: form.get(field.name, "").strip() for field in fields(Look)}
    return Look(**given | {"guests": "yes" if given["guests"] else ""})
