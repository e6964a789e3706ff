"""Of which states of a referral its advocate hears, and by which kind of email."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from plugin.rules.message_kinds import MessageKind

NEWS: Final[Mapping[str, MessageKind]] = {
    "approved": MessageKind.REFERRAL_ORDERED,
    "held": MessageKind.REFERRAL_ORDERED,
    "paid": MessageKind.REFERRAL_PAID,
    "refused": MessageKind.REFERRAL_ENDED,
    "reversed": MessageKind.REFERRAL_ENDED,
}
