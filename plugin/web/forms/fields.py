"""Values by names such as `basis.tax`: how fields of a form name what is deeper in the programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
