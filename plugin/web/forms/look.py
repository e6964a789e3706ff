"""The form by which staff say how the storefront's widgets look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from werkzeug.datastructures import MultiDict

from plugin.rules.look import Look
from plugin.rules.referrals.sharing import NONE


def read(form: Mapping[str, str]) -> Look:
    """The look that the form describes; BadInput names every field that is wrong."""
    return Look(**told(form))


def told(form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form's fields; a form that asks where to share says so, and then nothing ticked is none."""
    given = {field.name: form.get(field.name, "").strip() for field in fields(Look)}
    ticked = form.getlist("share") if isinstance(form, MultiDict) else [given["share"]]
    share = ",".join(filter(None, ticked)) or (NONE if form.get("asks_share") else "")
    return given | {"guests": "yes" if given["guests"] else "", "share": share}
