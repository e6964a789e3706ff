"""Cashback: a share of each order, credited to the buyer in money, as store credit."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from plugin.rules.fields import Amount, Rules


class Cashback(Rules):
    """`percent` of what counts of a paid order, `after_days` after it was processed; amounts in major units.

    `maximum`: the most that one order brings; nought means no limit. `valid_days`: how long the credit can be
    spent; nought means for ever. `notify`: Shopify sends its own mail about the credit.
    """

    enabled: bool = False
    percent: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)] = Decimal(5)
    after_days: int = Field(default=14, ge=0, le=365)
    minimum_order: Amount = Decimal(0)
    maximum: Amount = Decimal(0)
    valid_days: int = Field(default=0, ge=0, le=3650)
    notify: bool = True
