"""Kinds of fields that several parts of a programme share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Protocol, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, ValidationInfo

from plugin.rules.money import known_currency

Amount = Annotated[Decimal, Field(ge=0, lt=10**9, max_digits=13, decimal_places=3)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


def _known(code: str) -> str:
    if not known_currency(code):
        raise ValueError(f"there is no currency {code}")
    return code


Currency = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$"), AfterValidator(_known)
]
Positive = Annotated[Decimal, Field(gt=0, lt=10**9, max_digits=13, decimal_places=3)]


def _after_the_start(ends_at: AwareDatetime | None, info: ValidationInfo) -> AwareDatetime | None:
    starts_at = info.data.get("starts_at")
    if ends_at is not None and starts_at is not None and ends_at <= starts_at:
        raise ValueError("must be later than the start")
    return ends_at


End = Annotated[AwareDatetime | None, AfterValidator(_after_the_start)]
"""The end of something whose field `starts_at` comes before this one."""


class _Off(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> Decimal: ...


Off = TypeVar("Off", bound=_Off)


def percent_up_to_100(off: Off) -> Off:
    """For discounts of a `kind` and a `value`: nothing is free more than once."""
    if off.kind == "percent" and off.value > 100:
        raise ValueError("a percentage is at most 100")
    return off
