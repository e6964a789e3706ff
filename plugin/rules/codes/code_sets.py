"""Sets of codes that share one discount: the pool of next-order codes, and a campaign's batch. Which there
should be, how large, until when they are good, and what each code is called."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from plugin.rules.codes import code_names, next_order_code
from plugin.rules.fields import Amount, CodePrefix, Name, Positive, Rules, percent_or_money
from plugin.rules.programme import Programme
from plugin.rules.subjects import SetCode

CODES_PER_CALL: Final = 250
"""As many as Shopify takes in one call."""
MOST_CODES: Final = 100_000
_LEAST_IN_POOL, _MOST_IN_POOL = 250, 5_000
_AHEAD = (timedelta(), timedelta(days=2))
"""A pool is filled for now, and for two days from now, so that the turn of a month finds it full."""


class CodeBatch(Rules):
    """What staff ask for: so many codes, all for the same discount, each good for one order."""

    name: Name
    count: int = Field(ge=1, le=MOST_CODES)
    kind: Literal["percent", "amount"] = "percent"
    value: Positive
    minimum_spend: Amount = Decimal(0)
    valid_days: int = Field(ge=1, le=3650)
    prefix: CodePrefix = ""
    once_per_customer: bool = True
    combines_with_order_discounts: bool = False
    combines_with_product_discounts: bool = False
    combines_with_shipping_discounts: bool = True

    _percent_or_money = field_validator("value")(percent_or_money)

    def terms(self, currency: str) -> dict[str, Any]:
        """The discount as promised, copied to the set."""
        return {**self.model_dump(mode="json", exclude={"name", "count"}), "currency": currency}


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool that a programme calls for: its terms, their key, and the moment until which its codes are good."""

    terms: Mapping[str, Any]
    key: str
    ends_at: datetime


def pool(programme: Programme, currency: str, now: datetime, timezone: str) -> Pool | None:
    """The pool that a buyer's code comes from now; None where every code is bound to its customer.

    All codes of a pool end together: with the month in which the last valid day falls, so that each is good
    for the promised days at least, and for a month more at most.
    """
    rules = programme.next_order_code
    if not rules.enabled or rules.bound_to_customer:
        return None
    days = next_order_code.valid_days(programme)
    terms: dict[str, Any] = {**next_order_code.terms(rules, currency), "valid_days": days, "once_per_customer": False}
    return Pool(terms, key_of(terms), _end_of_month(now + timedelta(days=days), timezone))


def pools_ahead(programme: Programme, currency: str, now: datetime, timezone: str) -> list[Pool]:
    """The pools to be kept full: today's, and the one of two days from now where that is another."""
    found = [pool(programme, currency, now + ahead, timezone) for ahead in _AHEAD]
    return list({one.ends_at: one for one in found if one is not None}.values())


def key_of(terms: Mapping[str, Any]) -> str:
    """The same terms, the same key."""
    plain = json.dumps(terms, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def _end_of_month(moment: datetime, timezone: str) -> datetime:
    local = moment.astimezone(ZoneInfo(timezone)).date()
    last = local.replace(day=monthrange(local.year, local.month)[1])
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(timezone)).astimezone(UTC)


def pool_size(given_last_day: int) -> tuple[int, int]:
    """When to fill a pool up (fewer codes than this are left), and to how many: two days' worth."""
    full = min(_MOST_IN_POOL, max(_LEAST_IN_POOL, 2 * given_last_day))
    return full // 2, full


def code_name(prefix: str, salt: str, set_id: int, number: int) -> str:
    """The code of one number of a set: the same again after a crash, unguessable without the salt."""
    return code_names.code_name(prefix, salt, str(SetCode(set_id, number)))


def next_call(called: int, wanted: int, refused: int) -> tuple[int, int] | None:
    """The numbers (first, last) of the next call, after `called` numbers; None when enough were asked for.

    Number 0 is the code that the discount itself is made with. A number that Shopify refused is made up for.
    """
    upto = wanted + refused
    return (called, min(called + CODES_PER_CALL, upto) - 1) if called < upto else None
