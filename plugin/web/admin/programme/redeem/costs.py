"""What a reward gives back of what members spend to earn it, in plain words, where that gets costly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from plugin.actions.programme.recommend_start import order_amounts
from plugin.rules.money import minor_digits
from plugin.rules.programme import Programme
from plugin.rules.rewards import costly
from plugin.rules.rewards.kinds import PercentOff, Reward
from plugin.web.current import shop, transaction
from plugin.web.shown import major, percent
from plugin.web.words import t


def usual_order() -> Decimal:
    """What orders usually come to, in major units: the middle one of the newest, or a guess by the currency."""
    with transaction() as conn:
        amounts, _ = order_amounts(conn, shop())
    return Decimal(sorted(amounts)[len(amounts) // 2]).scaleb(-minor_digits(shop().currency))


def warnings(one: Reward, programme: Programme, now: datetime, usual: Decimal) -> Sequence[str]:
    """A sentence for each thing that a merchant should think about."""
    return [_words(each, one, programme, usual) for each in costly.found(one, programme, now, usual)]


def said_of(one: Reward, programme: Programme, now: datetime) -> list[str]:
    """What a reward costs, and the warnings."""
    usual = usual_order()
    return [*filter(None, [share_words(one, programme, usual)]), *warnings(one, programme, now, usual)]


def share_words(one: Reward, programme: Programme, usual: Decimal) -> str:
    """What members spend for the reward, and the share that it gives back; empty where that has no amount."""
    spent, share = costly.spending_for(one, programme), costly.share_of(one, programme, usual)
    if spent is None or share is None:
        return ""
    values = {"amount": major(spent), "share": percent(share.quantize(Decimal("0.1")))}
    if isinstance(one, PercentOff):
        return t("programme.rewards.costs_percent", order=major(usual), **values)
    return t("programme.rewards.costs", **values)


def _words(what: str, one: Reward, programme: Programme, usual: Decimal) -> str:
    share = costly.share_of(one, programme, usual)
    return t(f"programme.rewards.costly.{what}", share=percent((share or Decimal(0)).quantize(Decimal("0.1"))))
