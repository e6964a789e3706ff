"""What a reward gives back of what members spend to earn it, and where a merchant should look twice.

Spending is counted at the programme's base rate, without tiers and campaigns, which make it cheaper still.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.rules.rewards.kinds import FreeProduct, PercentOff, Reward

MUCH_PERCENT: Final = 20
"""From here on a reward gives back more than most shops earn."""


def spending_for(one: Reward, programme: Programme) -> Decimal | None:
    """What members spend to earn the reward's price, in major units; None where orders earn nothing."""
    rate = programme.earning
    return Decimal(one.points) * rate.per_amount / rate.points if rate.points else None


def share_of(one: Reward, programme: Programme, usual: Decimal | None = None) -> Decimal | None:
    """In per cent of what is spent for it, what the reward is worth: a percentage off, what it takes off a usual
    order, in major units. None where it has no amount, or no order is known."""
    spent, worth = spending_for(one, programme), kinds.worth(one, one.points)
    if not spent or worth is None:
        return None
    if isinstance(one, PercentOff):
        return None if usual is None else min(worth, Decimal(100)) * usual / spent
    return worth * 100 / spent


def found(one: Reward, programme: Programme, now: datetime, usual: Decimal | None = None) -> list[str]:
    """What is to be thought about: `all_off`, `over`, `more` than it was spent for, `much` of it."""
    what = []
    if isinstance(one, PercentOff) and one.value >= 100:
        what.append("all_off")
    if one.ends_at is not None and one.ends_at <= now:
        what.append("over")
    share = share_of(one, programme, usual)
    if share is not None and share >= 100 and not isinstance(one, FreeProduct):
        what.append("more")
    elif share is not None and share >= MUCH_PERCENT:
        what.append("much")
    return what
