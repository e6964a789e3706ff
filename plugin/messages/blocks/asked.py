"""What a block depends on, as Liquid."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rules.emails.design import Conditions


def when(conditions: Conditions) -> Iterator[str]:
    """What a merchant chose, each a condition."""
    if conditions.tiers:
        yield " or ".join(f"tier_key == '{tier}'" for tier in sorted(conditions.tiers))
    for name, wanted in (("first_order", conditions.first_order), ("guest", conditions.guest)):
        if wanted is not None:
            yield f"{name} == {str(wanted).lower()}"
    if conditions.has_balance is not None:
        yield "balance > 0" if conditions.has_balance else "0 >= balance"


def around(conditions: tuple[str, ...]) -> tuple[str, str]:
    """What stands before and after something that is there where all of them are true."""
    return "".join(f"{{% if {each} %}}" for each in conditions), "{% endif %}" * len(conditions)
