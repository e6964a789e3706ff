"""What a reward gives back of what members spend to earn it, in plain words, where that gets costly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from plugin.rules.programme import Programme
from plugin.rules.rewards import costly
from plugin.rules.rewards.kinds import Reward
from plugin.web.shown import major, percent
from plugin.web.words import t


def warnings(one: Reward, programme: Programme, now: datetime) -> Sequence[str]:
    """A sentence for each thing that a merchant should think about."""
    return [_words(each, one, programme) for each in costly.found(one, programme, now)]


def said_of(one: Reward, programme: Programme, now: datetime) -> list[str]:
    """What a reward costs, and the warnings."""
    return [*filter(None, [share_words(one, programme)]), *warnings(one, programme, now)]


def share_words(one: Reward, programme: Programme) -> str:
    """What members spend for the reward, and the share that it gives back; empty where that has no amount."""
    spent, share = costly.spending_for(one, programme), costly.share_of(one, programme)
    if spent is None or share is None:
        return ""
    return t("programme.rewards.costs", amount=major(spent), share=percent(share.quantize(Decimal("0.1"))))


def _words(what: str, one: Reward, programme: Programme) -> str:
    share = costly.share_of(one, programme)
    return t(f"programme.rewards.costly.{what}", share=percent((share or Decimal(0)).quantize(Decimal("0.1"))))
