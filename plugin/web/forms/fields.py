"""Values by names such as `basis.tax`: how fields of a form name what is deeper in the programme."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo

MEANS_NONE = ("minimum_order", "minimum_spend")
"""Amounts that may be left empty, which their fields say: no order is too small."""


def emptied(form: Mapping[str, str], name: str, field: FieldInfo) -> bool:
    """Whether somebody emptied a number that has a value of its own where none is asked for: nobody meant that one.

    Where nothing is what holds without a number (no limit), an empty field says so.
    """
    number = isinstance(field.default, int | Decimal) and not isinstance(field.default, bool)
    return number and name not in MEANS_NONE and name in form and not form[name].strip()


def dig(saved: Mapping[str, Any], name: str) -> Any:
    """The value at a name such as `basis.tax`."""
    value: Any = saved
    for part in name.split("."):
        value = value[part]
    return value


def put(raw: dict[str, Any], name: str, value: object) -> None:
    """Set the value at a name such as `basis.tax`."""
    *parents, last = name.split(".")
    for parent in parents:
        raw = raw.setdefault(parent, {})
    raw[last] = value


def filled_in(form: Mapping[str, str], name: str) -> dict[str, str]:
    """What the fields `name.…` say, without the empty ones."""
    under = f"{name}."
    return {
        key.removeprefix(under): text.strip() for key, text in form.items() if key.startswith(under) and text.strip()
    }
